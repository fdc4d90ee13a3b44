// What one kernel launch works on, and how every sum over rows is brought to one order.
//
// Sums. A block of threads adds up a fixed slice of rows, writes one partial sum per slice, and
// sumPartials adds the slices. Slices depend on the numbers of rows, columns and components alone,
// never on the device, and nothing is added atomically: the same data give the same bits.
//
// Rounding. The sources are compiled with -fmad=false: every fused multiply-add is written out as
// fma(), so that no compiler, not even the driver's, chooses one, and the bits depend on the source
// alone (and on CUDA's exp, log and log1p).
#pragma once

// Eight bytes each, in the order of Task.java.
struct Task {
  const double* x;           // column j of row i at x[j * stride + i]; zeros behind the last row
  const double* weight;      // one per row, or null where all are 1
  const double* parameters;  // packed as the kernel says
  double* values;            // component k of row i at values[k * stride + i]
  double* auxiliary;         // squared distances, laid out like the values
  double* logSums;           // one per row, or null where nobody asks
  double* partial;           // slices × length
  double* result;            // length
  long long stride;          // rows rounded up to a whole number of blocks of threads
  long long rows;
  long long columns;
  long long components;
  long long sliceRows;   // rows of a slice
  long long slices;      // slices to be added
  long long length;      // values per slice
  long long normalise;   // 0: leave log-densities; 1: go on to responsibilities
  long long kept;        // 1: the values of a row stay in shared memory until they are final
  long long group;       // components whose parameters are in shared memory at once
  long long chunk;       // rows in shared memory at once
  long long rowGroups;   // threads that share a tile, each with rows of its own
  long long dimension;   // d of a Student's t
};

constexpr int ROW_THREADS = 128;   // of the kernels with a row per thread
constexpr int TILE_THREADS = 256;  // of the kernels with tiles

extern __shared__ __align__(16) double scratch[];

template <typename Number>
__device__ inline Number smaller(Number a, Number b) {
  return a < b ? a : b;
}

__device__ inline double rowWeight(const Task& task, long long i) {
  return task.weight == nullptr ? 1.0 : task.weight[i];
}

// Σ over the threads of a block, a power of two of them: thread t adds t + half, and so on.
__device__ inline double blockSum(double value) {
  const int t = threadIdx.x;
  __syncthreads();
  scratch[t] = value;
  __syncthreads();
  for (int half = blockDim.x / 2; half > 0; half /= 2) {
    if (t < half) {
      scratch[t] += scratch[t + half];
    }
    __syncthreads();
  }
  return scratch[0];
}

// Σ over the ROW_THREADS threads of a block of COUNT values each, sixteen at a time. Value v is in
// the end with thread v % 16, which hands it to put(v, sum).
template <int COUNT, typename Put>
__device__ inline void blockSums(const double (&values)[COUNT], Put put) {
  constexpr int AT_ONCE = 16;
  constexpr int PARTS = ROW_THREADS / AT_ONCE;
  constexpr int PITCH = ROW_THREADS + PARTS;
  double* sums = scratch + AT_ONCE * PITCH;
  const int t = threadIdx.x;
#pragma unroll
  for (int from = 0; from < COUNT; from += AT_ONCE) {
    __syncthreads();
#pragma unroll
    for (int v = 0; v < AT_ONCE; v++) {
      if (from + v < COUNT) {
        scratch[v * PITCH + t] = values[from + v < COUNT ? from + v : 0];
      }
    }
    __syncthreads();
    const int v = t / PARTS;
    const int part = t % PARTS;
    if (from + v < COUNT) {
      double sum = 0;
      for (int e = part; e < ROW_THREADS; e += PARTS) {
        sum += scratch[v * PITCH + e];
      }
      sums[v * PARTS + part] = sum;
    }
    __syncthreads();
    if (t < AT_ONCE && from + t < COUNT) {
      double sum = 0;
      for (int e = 0; e < PARTS; e++) {
        sum += sums[t * PARTS + e];
      }
      put(from + t, sum);
    }
  }
}

// Second stage of every sum: result[e] = Σ over slices of partial[slice * length + e]. A block has
// `group` entries, a power of two; its threads fall into parts, and part p adds every so manieth
// slice from p on.
extern "C" __global__ void __launch_bounds__(TILE_THREADS) sumPartials(Task task) {
  const int t = threadIdx.x;
  const int entries = static_cast<int>(task.group);
  const long long e = static_cast<long long>(blockIdx.x) * entries + t % entries;
  double sum = 0;
  if (e < task.length) {
    for (long long slice = t / entries; slice < task.slices; slice += TILE_THREADS / entries) {
      sum += task.partial[slice * task.length + e];
    }
  }
  scratch[t] = sum;
  __syncthreads();
  for (int half = TILE_THREADS / 2; half >= entries; half /= 2) {
    if (t < half) {
      scratch[t] += scratch[t + half];
    }
    __syncthreads();
  }
  if (t < entries && e < task.length) {
    task.result[e] = scratch[t];
  }
}
