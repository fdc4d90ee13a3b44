#include "threads.h"

#include <cstring>
#include <ucontext.h>

#include <memory>
#include <vector>

#include "emulation.h"

Dimensions threadIdx;
Dimensions blockIdx;
Dimensions blockDim;
Dimensions gridDim;

// Shared memory of the one block that runs, and a margin that nobody may touch.
constexpr unsigned MARGIN = 512;
__attribute__((aligned(16))) double scratch[SHARED_BYTES / 8 + MARGIN];

namespace {

constexpr unsigned STACK_BYTES = 128 * 1024;
constexpr int FINISHED = -1;
constexpr int FRESH = -2;

// The compiler's own jumps: no signal masks, a few instructions.
using Jump = void* [5];

struct Fiber {
  Jump state;
  std::unique_ptr<char[]> stack;
  int line = FRESH;  // of the barrier it waits at
};

std::vector<Fiber> fibers;
Jump scheduler;
ucontext_t starter;
unsigned current;
Kernel running;
const void* runningArguments;
uint64_t threadOrder;
uint64_t randomState;

[[noreturn]] __attribute__((noipa)) void jump(Jump& to) { __builtin_longjmp(to, 1); }

__attribute__((noipa)) void back() {
  if (__builtin_setjmp(fibers[current].state) == 0) {
    jump(scheduler);
  }
}

// A fiber lives for ever: it runs one thread after the other.
void fiberMain() {
  for (;;) {
    back();
    running(runningArguments);
    fibers[current].line = FINISHED;
  }
}

__attribute__((noipa)) void resume(unsigned t) {
  current = t;
  threadIdx = {t, 0, 0};
  if (__builtin_setjmp(scheduler) == 0) {
    jump(fibers[t].state);
  }
}

__attribute__((noipa)) void begin(ucontext_t& context) {
  if (__builtin_setjmp(scheduler) == 0) {
    swapcontext(&starter, &context);
  }
}

void makeFibers() {
  fibers.resize(MOST_THREADS);
  for (unsigned t = 0; t < MOST_THREADS; t++) {
    fibers[t].stack.reset(new char[STACK_BYTES]);
    ucontext_t context;
    getcontext(&context);
    context.uc_stack.ss_sp = fibers[t].stack.get();
    // Not all at the same place of a page, for the cache's sake.
    context.uc_stack.ss_size = STACK_BYTES - t * 448 % 16384;
    context.uc_link = nullptr;
    makecontext(&context, fiberMain, 0);
    current = t;
    begin(context);
  }
}

uint64_t nextRandom() {
  randomState += 0x9E3779B97F4A7C15ull;
  uint64_t z = randomState;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

void orderThreads(std::vector<unsigned>& order, unsigned threads) {
  order.resize(threads);
  for (unsigned t = 0; t < threads; t++) {
    order[t] = threadOrder == 1 ? threads - 1 - t : t;
  }
  if (threadOrder > 1) {
    for (unsigned t = threads; t > 1; t--) {
      std::swap(order[t - 1], order[nextRandom() % t]);
    }
  }
}

double emptyValue() {
  const uint64_t bits = 0x7FF4DEADDEADDEADull;
  double value;
  std::memcpy(&value, &bits, 8);
  return value;
}

}  // namespace

void emulatedBarrier(int line) {
  fibers[current].line = line;
  back();
}

void setThreadOrder(uint64_t order) {
  threadOrder = order;
  randomState = order;
}

std::string runBlock(Kernel kernel, const void* arguments, unsigned threads, unsigned sharedBytes) {
  if (fibers.empty()) {
    makeFibers();
  }
  // Nothing that was not written in this block can be read unnoticed.
  const unsigned used = (sharedBytes + 7) / 8;
  const double empty = emptyValue();
  for (unsigned e = 0; e < used + MARGIN; e++) {
    std::memcpy(&scratch[e], &empty, 8);
  }
  running = kernel;
  runningArguments = arguments;
  std::vector<unsigned> order;
  for (;;) {
    orderThreads(order, threads);
    for (unsigned t : order) {
      resume(t);
    }
    const int line = fibers[0].line;
    for (unsigned t = 0; t < threads; t++) {
      if (fibers[t].line != line) {
        return "thread 0 and thread " + std::to_string(t) + " are at different barriers";
      }
    }
    if (line == FINISHED) {
      break;
    }
  }
  for (unsigned e = used; e < used + MARGIN; e++) {
    if (std::memcmp(&scratch[e], &empty, 8) != 0) {
      return "shared memory was written beyond the " + std::to_string(sharedBytes) + " bytes asked for";
    }
  }
  return "";
}
