// A libcuda.so.1 for tests: exports what the backend calls and runs the real kernels on the CPU.
//
// Device memory is host memory, filled with signalling NaN, between margins that are checked after
// every launch. Copies are checked against allocations. Work in streams is put off as long as the
// driver interface allows (or done at once), so that a missing synchronisation shows. Everything
// that is created is counted. Controls come through cuCtxSetLimit with numbers CUDA does not use.
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "emulation.h"
#include "threads.h"

unsigned long long emulatedTaskSize();

namespace {

using Result = int;
constexpr Result SUCCESS = 0;
constexpr Result INVALID_VALUE = 1;
constexpr Result OUT_OF_MEMORY = 2;
constexpr Result NOT_INITIALIZED = 3;
constexpr Result NO_DEVICE = 100;
constexpr Result INVALID_DEVICE = 101;
constexpr Result INVALID_IMAGE = 200;
constexpr Result INVALID_CONTEXT = 201;
constexpr Result INVALID_HANDLE = 400;
constexpr Result NOT_FOUND = 500;
constexpr Result ILLEGAL_ADDRESS = 700;

constexpr size_t MARGIN = 64;  // numbers on each side of an allocation

enum Control {
  MEMORY = 1001,       // bytes of the device
  FAILING_LAUNCH = 1002,  // this many launches from now, one fails; 0 for none
  ORDER = 1003,        // see threads.h
  TIMING = 1004,       // see Timing
};

enum Timing { AT_ONCE, AS_LATE_AS_ALLOWED, FIRST_STREAM_LATE };

constexpr int LIVE_OBJECTS = 100001;  // as a device attribute
constexpr int BYTES_UP = 100002;      // copied to the device since it was last asked for
constexpr int LAUNCHES = 100003;      // since it was last asked for

struct Allocation {
  std::unique_ptr<double[]> memory;
  size_t bytes;
};

struct Stream {
  std::deque<std::function<void()>> waiting;
  uint64_t issued = 0;
  uint64_t done = 0;
  bool first = false;  // of those that are alive
};

struct Event {
  Stream* stream = nullptr;
  uint64_t position = 0;
};

std::recursive_mutex lock;
bool initialised;
int contexts;
int modules;
int pinned;
size_t memoryLimit = size_t{1} << 30;
size_t allocated;
long long failingLaunch;
size_t timing = AS_LATE_AS_ALLOWED;
Result sticky = SUCCESS;
long long bytesUp;
long long launches;
std::map<char*, Allocation> allocations;  // by first address
std::set<Stream*> streams;
std::set<Event*> events;

thread_local bool current;

double margin() {
  const uint64_t bits = 0x7FF4BADBADBADBADull;
  double value;
  std::memcpy(&value, &bits, 8);
  return value;
}

void report(const std::string& what) {
  std::fprintf(stderr, "emulated driver: %s\n", what.c_str());
}

void drain(Stream* stream, uint64_t position) {
  while (stream->done < position && !stream->waiting.empty()) {
    auto work = stream->waiting.front();
    stream->waiting.pop_front();
    stream->done++;
    if (sticky == SUCCESS) {
      work();
    }
  }
}

void drainAll() {
  for (Stream* stream : streams) {
    drain(stream, stream->issued);
  }
}

Result push(Stream* stream, std::function<void()> work) {
  if (streams.count(stream) == 0) {
    return INVALID_HANDLE;
  }
  stream->waiting.push_back(std::move(work));
  stream->issued++;
  if (timing == AT_ONCE || (timing == FIRST_STREAM_LATE && !stream->first)) {
    drain(stream, stream->issued);
  }
  return sticky;
}

bool inside(const char* address, size_t bytes) {
  auto after = allocations.upper_bound(const_cast<char*>(address));
  if (after == allocations.begin()) {
    return false;
  }
  --after;
  return address + bytes <= after->first + after->second.bytes;
}

bool intact(const Allocation& allocation) {
  const double guard = margin();
  const double* after = allocation.memory.get() + MARGIN + (allocation.bytes + 7) / 8;
  for (size_t e = 0; e < MARGIN; e++) {
    if (std::memcmp(allocation.memory.get() + e, &guard, 8) != 0
        || std::memcmp(after + e, &guard, 8) != 0) {
      return false;
    }
  }
  return true;
}

void fault(Result result, const std::string& what) {
  report(what);
  sticky = result;
}

struct Launch {
  void* kernel;
  Dimensions grid;
  unsigned threads;
  unsigned sharedBytes;
  std::unique_ptr<double[]> arguments;
};

// Kernels take their one argument by value; the ABI passes a copy of it on the stack.
struct Argument {
  double words[21];
};

thread_local void* called;

void call(const void* arguments) {
  Argument argument;
  std::memcpy(&argument, arguments, sizeof argument);
  reinterpret_cast<void (*)(Argument)>(called)(argument);
}

void run(const Launch& launch) {
  if (failingLaunch > 0 && --failingLaunch == 0) {
    fault(ILLEGAL_ADDRESS, "a launch fails, as was asked for");
    return;
  }
  called = launch.kernel;
  gridDim = launch.grid;
  blockDim = {launch.threads, 1, 1};
  for (unsigned y = 0; y < launch.grid.y; y++) {
    for (unsigned x = 0; x < launch.grid.x; x++) {
      blockIdx = {x, y, 0};
      const std::string wrong =
          runBlock(call, launch.arguments.get(), launch.threads, launch.sharedBytes);
      if (!wrong.empty()) {
        fault(ILLEGAL_ADDRESS, wrong);
        return;
      }
    }
  }
  for (const auto& [address, allocation] : allocations) {
    if (!intact(allocation)) {
      fault(ILLEGAL_ADDRESS, "a kernel wrote beyond an allocation");
      return;
    }
  }
}

int devices() {
  const char* count = std::getenv("EMULATED_DEVICES");
  return count == nullptr ? 1 : std::atoi(count);
}

Result ready() {
  return !initialised ? NOT_INITIALIZED : !current || contexts == 0 ? INVALID_CONTEXT : sticky;
}

}  // namespace

#define EXPORT extern "C" __attribute__((visibility("default")))
#define LOCKED std::lock_guard<std::recursive_mutex> locked(lock)
#define READY                        \
  LOCKED;                            \
  if (Result state = ready(); state) \
  return state

EXPORT Result cuInit(unsigned) {
  LOCKED;
  if (devices() == 0) {
    return NO_DEVICE;
  }
  initialised = true;
  return SUCCESS;
}

EXPORT Result cuDriverGetVersion(int* version) {
  *version = 12060;
  return SUCCESS;
}

EXPORT Result cuDeviceGetCount(int* count) {
  *count = devices();
  return initialised ? SUCCESS : NOT_INITIALIZED;
}

EXPORT Result cuDeviceGet(int* device, int ordinal) {
  *device = ordinal;
  return ordinal == 0 ? SUCCESS : INVALID_DEVICE;
}

EXPORT Result cuDeviceGetName(char* name, int length, int) {
  std::snprintf(name, length, "emulated device of the tests (no GPU)");
  return SUCCESS;
}

EXPORT Result cuDeviceTotalMem_v2(size_t* bytes, int) {
  LOCKED;
  *bytes = memoryLimit;
  return SUCCESS;
}

EXPORT Result cuDeviceGetAttribute(int* value, int attribute, int) {
  LOCKED;
  switch (attribute) {
    case 75:  // compute capability, major and minor
      *value = 8;
      return SUCCESS;
    case 76:
      *value = 0;
      return SUCCESS;
    case LIVE_OBJECTS:
      *value = static_cast<int>(allocations.size() + streams.size() + events.size()) + contexts
          + modules + pinned;
      return SUCCESS;
    case BYTES_UP:
      *value = static_cast<int>(bytesUp);
      bytesUp = 0;
      return SUCCESS;
    case LAUNCHES:
      *value = static_cast<int>(launches);
      launches = 0;
      return SUCCESS;
    default:
      *value = 1;
      return SUCCESS;
  }
}

EXPORT Result cuDevicePrimaryCtxRetain(void** context, int) {
  LOCKED;
  if (!initialised) {
    return NOT_INITIALIZED;
  }
  contexts++;
  *context = &contexts;
  return sticky;
}

EXPORT Result cuDevicePrimaryCtxRelease_v2(int) {
  LOCKED;
  if (contexts == 0) {
    return INVALID_CONTEXT;
  }
  if (--contexts == 0) {
    // As on a device, a new context can be used again.
    sticky = SUCCESS;
    for (Stream* stream : streams) {
      stream->waiting.clear();
    }
  }
  return SUCCESS;
}

EXPORT Result cuCtxSetCurrent(void* context) {
  current = context != nullptr;
  return SUCCESS;
}

EXPORT Result cuCtxSetLimit(int control, size_t value) {
  LOCKED;
  switch (control) {
    case MEMORY:
      memoryLimit = value;
      return SUCCESS;
    case FAILING_LAUNCH:
      failingLaunch = static_cast<long long>(value);
      return SUCCESS;
    case ORDER:
      setThreadOrder(value);
      return SUCCESS;
    case TIMING:
      drainAll();
      timing = value;
      return SUCCESS;
    default:
      return INVALID_VALUE;
  }
}

EXPORT Result cuModuleLoadDataEx(void** module, const void* image, unsigned, void*, void*) {
  READY;
  const char* text = static_cast<const char*>(image);
  const std::string size = ".align 8 .b8 sumPartials_param_0[" + std::to_string(emulatedTaskSize()) + "]";
  if (std::strstr(text, ".version") == nullptr || std::strstr(text, size.c_str()) == nullptr
      || sizeof(Argument) != emulatedTaskSize()) {
    return INVALID_IMAGE;
  }
  modules++;
  *module = &modules;
  return SUCCESS;
}

EXPORT Result cuModuleUnload(void*) {
  LOCKED;
  modules--;
  return sticky;
}

EXPORT Result cuModuleGetFunction(void** function, void*, const char* name) {
  READY;
  Dl_info self;
  dladdr(reinterpret_cast<void*>(&devices), &self);
  void* library = dlopen(self.dli_fname, RTLD_NOW | RTLD_NOLOAD);
  *function = dlsym(library, name);
  return *function == nullptr ? NOT_FOUND : SUCCESS;
}

EXPORT Result cuMemGetInfo_v2(size_t* free, size_t* total) {
  READY;
  *total = memoryLimit;
  *free = allocated > memoryLimit ? 0 : memoryLimit - allocated;
  return SUCCESS;
}

EXPORT Result cuMemAlloc_v2(unsigned long long* address, size_t bytes) {
  READY;
  if (bytes == 0) {
    return INVALID_VALUE;
  }
  if (allocated + bytes > memoryLimit) {
    return OUT_OF_MEMORY;
  }
  const size_t words = (bytes + 7) / 8 + 2 * MARGIN;
  Allocation allocation{std::unique_ptr<double[]>(new double[words]), bytes};
  const double guard = margin();
  for (size_t e = 0; e < words; e++) {
    std::memcpy(&allocation.memory[e], &guard, 8);
  }
  char* first = reinterpret_cast<char*>(allocation.memory.get() + MARGIN);
  *address = reinterpret_cast<unsigned long long>(first);
  allocations.emplace(first, std::move(allocation));
  allocated += bytes;
  return SUCCESS;
}

EXPORT Result cuMemFree_v2(unsigned long long address) {
  LOCKED;
  drainAll();
  auto found = allocations.find(reinterpret_cast<char*>(address));
  if (found == allocations.end()) {
    report("memory was freed that is not allocated");
    return INVALID_VALUE;
  }
  allocated -= found->second.bytes;
  allocations.erase(found);
  return sticky;
}

EXPORT Result cuMemHostAlloc(void** address, size_t bytes, unsigned) {
  READY;
  *address = std::malloc(bytes);
  pinned++;
  return SUCCESS;
}

EXPORT Result cuMemAllocHost_v2(void** address, size_t bytes) {
  return cuMemHostAlloc(address, bytes, 0);
}

EXPORT Result cuMemFreeHost(void* address) {
  LOCKED;
  drainAll();
  std::free(address);
  pinned--;
  return sticky;
}

EXPORT Result cuMemcpyHtoDAsync_v2(
    unsigned long long to, const void* from, size_t bytes, Stream* stream) {
  READY;
  char* target = reinterpret_cast<char*>(to);
  if (!inside(target, bytes)) {
    report("a copy to the device misses its allocation");
    return INVALID_VALUE;
  }
  bytesUp += static_cast<long long>(bytes);
  return push(stream, [=] { std::memcpy(target, from, bytes); });
}

EXPORT Result cuMemcpyDtoHAsync_v2(
    void* to, unsigned long long from, size_t bytes, Stream* stream) {
  READY;
  const char* source = reinterpret_cast<const char*>(from);
  if (!inside(source, bytes)) {
    report("a copy from the device misses its allocation");
    return INVALID_VALUE;
  }
  // Until the copy is done, what is there is not the result.
  std::memset(to, 0xFF, bytes);
  return push(stream, [=] { std::memcpy(to, source, bytes); });
}

EXPORT Result cuStreamCreate(Stream** stream, unsigned) {
  READY;
  *stream = new Stream();
  (*stream)->first = streams.empty();
  streams.insert(*stream);
  return SUCCESS;
}

EXPORT Result cuStreamDestroy_v2(Stream* stream) {
  LOCKED;
  drain(stream, stream->issued);
  streams.erase(stream);
  delete stream;
  return sticky;
}

EXPORT Result cuStreamSynchronize(Stream* stream) {
  READY;
  drain(stream, stream->issued);
  return sticky;
}

EXPORT Result cuStreamWaitEvent(Stream* stream, Event* event, unsigned) {
  READY;
  if (event->stream == nullptr) {
    return SUCCESS;
  }
  Stream* other = event->stream;
  const uint64_t position = event->position;
  return push(stream, [=] { drain(other, position); });
}

EXPORT Result cuEventCreate(Event** event, unsigned) {
  READY;
  *event = new Event();
  events.insert(*event);
  return SUCCESS;
}

EXPORT Result cuEventRecord(Event* event, Stream* stream) {
  READY;
  event->stream = stream;
  event->position = stream->issued;
  return SUCCESS;
}

EXPORT Result cuEventSynchronize(Event* event) {
  READY;
  if (event->stream != nullptr) {
    drain(event->stream, event->position);
  }
  return sticky;
}

EXPORT Result cuEventDestroy_v2(Event* event) {
  LOCKED;
  events.erase(event);
  delete event;
  return sticky;
}

EXPORT Result cuLaunchKernel(
    void* function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
    unsigned blockZ, unsigned sharedBytes, Stream* stream, void** parameters, void**) {
  READY;
  if (gridX == 0 || gridY == 0 || gridY > 65535 || gridZ != 1 || blockX == 0
      || blockX > MOST_THREADS || blockY != 1 || blockZ != 1 || sharedBytes > SHARED_BYTES) {
    report("a launch has a grid, a block or shared memory that no device has");
    return INVALID_VALUE;
  }
  launches++;
  auto launch = std::make_shared<Launch>();
  launch->kernel = function;
  launch->grid = {gridX, gridY, 1};
  launch->threads = blockX;
  launch->sharedBytes = sharedBytes;
  launch->arguments.reset(new double[(emulatedTaskSize() + 7) / 8]);
  std::memcpy(launch->arguments.get(), parameters[0], emulatedTaskSize());
  return push(stream, [launch] { run(*launch); });
}

EXPORT Result cuGetErrorString(int error, const char** text) {
  switch (error) {
    case OUT_OF_MEMORY:
      *text = "out of memory";
      return SUCCESS;
    case NO_DEVICE:
      *text = "no CUDA-capable device is detected";
      return SUCCESS;
    case ILLEGAL_ADDRESS:
      *text = "an illegal memory access was encountered";
      return SUCCESS;
    default:
      *text = "an error of the emulated driver";
      return SUCCESS;
  }
}
