// Log-densities and, in the same launch, responsibilities: a row per thread.
//
// What bounds them, where FP64 runs at half the rate of FP32: 5 operations per byte of memory on
// sm_80, 10 on sm_90. Per row: 8d bytes in, 8K out; K (d² + 4d) operations for triangles and some
// 50 K for the exponentials. (2, 3): 40 bytes, 190 operations: memory. (16, 16): 256 bytes, 6000:
// arithmetic. (32, 64): 768 bytes, 77000: arithmetic. On devices with few FP64 units (sm_75, 86, 89)
// arithmetic bounds every shape.
//
// So: x is read once and kept in registers, values stay in shared memory from log-density to
// responsibility where they fit, and parameters come from shared memory, two numbers at a time, the
// same for all threads. Tensor units (DMMA, sm_80 and later) double the peak for d ≥ 16 and are the
// next step; shares of the roofline are of the peak without them.
#pragma once

#include "task.cuh"

// Where the values of row i lie until they are final.
struct Values {
  double* at;
  long long step;
};

__device__ inline Values valuesOf(const Task& task, double* shared, long long i) {
  return task.kept ? Values{shared + threadIdx.x, ROW_THREADS} : Values{task.values + i, task.stride};
}

// log π f of one component from its squared distance; ν = 0 stands for a normal law.
__device__ inline double density(
    const Task& task, long long i, int k, double distance, double constant, double nu) {
  if (nu == 0) {
    return fma(-0.5, distance, constant);
  }
  task.auxiliary[k * task.stride + i] = distance;
  return fma(-0.5 * (nu + static_cast<double>(task.dimension)), log1p(distance / nu), constant);
}

// Turns the log-densities of row i into responsibilities times weight; returns w log Σ e^v.
__device__ inline double finishRow(const Task& task, const Values& v, long long i, double most) {
  if (!task.normalise) {
    return 0;
  }
  const int components = static_cast<int>(task.components);
  double total = 0;
#pragma unroll 1
  for (int k = 0; k < components; k++) {
    const double shifted = v.at[k * v.step] - most;
    const double e = shifted < -709 ? 0.0 : exp(shifted);
    v.at[k * v.step] = e;
    total += e;
  }
  const double w = i < task.rows ? rowWeight(task, i) : 0.0;
  const double factor = w / total;
#pragma unroll 1
  for (int k = 0; k < components; k++) {
    task.values[k * task.stride + i] = v.at[k * v.step] * factor;
  }
  const double logSum = most + log(total);
  if (task.logSums != nullptr) {
    task.logSums[i] = logSum;
  }
  return i < task.rows ? w * logSum : 0.0;
}

__device__ inline void finishBlock(const Task& task, double sum) {
  const double total = blockSum(sum);
  if (threadIdx.x == 0) {
    task.partial[blockIdx.x] = total;
  }
}

// Numbers per component: mean, packed lower triangle, constant, ν; rounded up to an even number, so
// that pairs are aligned. d < D is filled up with zeros.
__device__ constexpr int triangleLength(int d) { return (d + d * (d + 1) / 2 + 3) / 2 * 2; }

template <int D>
__device__ inline double triangleDistance(const double (&x)[D], const double* p) {
  double z[D];
#pragma unroll
  for (int j = 0; j < D; j++) {
    z[j] = x[j] - p[j];
  }
  double distance = 0;
#pragma unroll
  for (int i = 0; i < D; i++) {
    double y = 0;
#pragma unroll
    for (int j = 0; j <= i; j++) {
      y = fma(p[D + i * (i + 1) / 2 + j], z[j], y);
    }
    distance = fma(y, y, distance);
  }
  return distance;
}

// Whitening by triangles, d ≤ D. Shared memory: parameters of `group` components, then values.
template <int D>
__device__ inline void expectTriangle(const Task& task) {
  constexpr int LENGTH = triangleLength(D);
  const double* parameters = task.parameters;
  const int components = static_cast<int>(task.components);
  const int group = static_cast<int>(task.group);
  const long long step = static_cast<long long>(gridDim.x) * ROW_THREADS;
  const long long begin = static_cast<long long>(blockIdx.x) * ROW_THREADS;
  double sum = 0;
  for (long long first = begin; first < task.rows; first += step) {
    const long long i = first + threadIdx.x;
    const Values v = valuesOf(task, scratch + group * LENGTH, i);
    double x[D];
#pragma unroll
    for (int j = 0; j < D; j++) {
      x[j] = j < task.columns ? task.x[j * task.stride + i] : 0.0;
    }
    double most = -INFINITY;
    for (int from = 0; from < components; from += group) {
      const int count = smaller(group, components - from);
      if (first == begin || count < components) {
        __syncthreads();
#pragma unroll 1
        for (int e = threadIdx.x; e < count * LENGTH; e += ROW_THREADS) {
          scratch[e] = parameters[static_cast<long long>(from) * LENGTH + e];
        }
        __syncthreads();
      }
#pragma unroll 1
      for (int k = 0; k < count; k++) {
        const double* p = scratch + k * LENGTH;
        const double distance = triangleDistance<D>(x, p);
        const double value = density(
            task, i, from + k, distance, p[D + D * (D + 1) / 2], p[D + D * (D + 1) / 2 + 1]);
        v.at[(from + k) * v.step] = value;
        most = fmax(most, value);
      }
    }
    sum += finishRow(task, v, i, most);
  }
  finishBlock(task, sum);
}

#define EXPECT_TRIANGLE(D)                                                     \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS, 1) expectTriangle##D( \
      Task task) {                                                             \
    expectTriangle<D>(task);                                                   \
  }

EXPECT_TRIANGLE(1)
EXPECT_TRIANGLE(2)
EXPECT_TRIANGLE(3)
EXPECT_TRIANGLE(4)
EXPECT_TRIANGLE(6)
EXPECT_TRIANGLE(8)
EXPECT_TRIANGLE(12)
EXPECT_TRIANGLE(16)
EXPECT_TRIANGLE(24)
EXPECT_TRIANGLE(32)

// Diagonal whitening, or a linear form of the columns, for any d: four components share each x.
// Parameters, K rounded up to a multiple of four: K constants, K ν, then per four components and
// column four means and four scales, or four coefficients.
template <bool LINEAR>
__device__ inline void expectColumns(const Task& task) {
  constexpr int WIDTH = LINEAR ? 4 : 8;
  const long long padded = (task.components + 3) / 4 * 4;
  const long long step = static_cast<long long>(gridDim.x) * ROW_THREADS;
  const long long begin = static_cast<long long>(blockIdx.x) * ROW_THREADS;
  double sum = 0;
  for (long long first = begin; first < task.rows; first += step) {
    const long long i = first + threadIdx.x;
    const Values v = valuesOf(task, scratch, i);
    double most = -INFINITY;
    for (long long from = 0; from < task.components; from += 4) {
      const double* p = task.parameters + 2 * padded + from / 4 * task.columns * WIDTH;
      double q[4] = {0, 0, 0, 0};
      for (long long j = 0; j < task.columns; j++, p += WIDTH) {
        const double x = task.x[j * task.stride + i];
#pragma unroll
        for (int c = 0; c < 4; c++) {
          if (LINEAR) {
            q[c] = fma(p[c], x, q[c]);
          } else {
            const double y = p[4 + c] * (x - p[c]);
            q[c] = fma(y, y, q[c]);
          }
        }
      }
#pragma unroll
      for (int c = 0; c < 4; c++) {
        if (from + c < task.components) {
          const double constant = task.parameters[from + c];
          const double value =
              LINEAR ? constant + q[c]
                     : density(task, i, from + c, q[c], constant, task.parameters[padded + from + c]);
          v.at[(from + c) * v.step] = value;
          most = fmax(most, value);
        }
      }
    }
    sum += finishRow(task, v, i, most);
  }
  finishBlock(task, sum);
}

extern "C" __global__ void __launch_bounds__(ROW_THREADS, 1) expectDiagonal(Task task) {
  expectColumns<false>(task);
}

extern "C" __global__ void __launch_bounds__(ROW_THREADS, 1) expectLinear(Task task) {
  expectColumns<true>(task);
}

// Responsibilities of log-densities that are there already.
extern "C" __global__ void __launch_bounds__(ROW_THREADS, 1) expectGiven(Task task) {
  const long long step = static_cast<long long>(gridDim.x) * ROW_THREADS;
  double sum = 0;
  for (long long first = static_cast<long long>(blockIdx.x) * ROW_THREADS; first < task.rows;
       first += step) {
    const long long i = first + threadIdx.x;
    const Values v = valuesOf(task, scratch, i);
    double most = -INFINITY;
    for (long long k = 0; k < task.components; k++) {
      const double value = i < task.rows ? task.values[k * task.stride + i] : 0.0;
      v.at[k * v.step] = value;
      most = fmax(most, value);
    }
    sum += finishRow(task, v, i, most);
  }
  finishBlock(task, sum);
}

// Log-densities for many columns: A_k Z in tiles of 64 rows of A and 64 rows of data, 16 columns at
// a time, four by four products per thread; squares are added up per row of data.
//
// Bound by arithmetic: K d² operations for 8 d bytes. Each thread reads 8 numbers from shared memory
// for 16 products. Tiles above the diagonal are left out.
//
// Parameters per component: d means, the packed lower triangle, constant, ν.
constexpr int TILE = 64;
constexpr int TILE_DEPTH = 16;
constexpr int TILE_PITCH = TILE + 2;

extern "C" __global__ void __launch_bounds__(TILE_THREADS) distanceTiles(Task task) {
  double* whitening = scratch;
  double* shifted = scratch + TILE_DEPTH * TILE_PITCH;
  const int t = threadIdx.x;
  const int across = t % 16;
  const int down = t / 16;
  const int d = static_cast<int>(task.columns);
  const int k = static_cast<int>(blockIdx.x % task.components);
  const long long first = blockIdx.x / task.components * TILE;
  const double* p =
      task.parameters + k * (d + static_cast<long long>(d) * (d + 1) / 2 + 2);
  const double* triangle = p + d;
  double squares[4] = {0, 0, 0, 0};
  for (int top = 0; top < d; top += TILE) {
    double y[4][4] = {};
    for (int left = 0; left < d && left < top + TILE; left += TILE_DEPTH) {
      __syncthreads();
      for (int e = t; e < TILE_DEPTH * TILE; e += TILE_THREADS) {
        const int i = top + e / TILE_DEPTH;
        const int j = left + e % TILE_DEPTH;
        whitening[e % TILE_DEPTH * TILE_PITCH + e / TILE_DEPTH] =
            i < d && j <= i ? triangle[static_cast<long long>(i) * (i + 1) / 2 + j] : 0.0;
        const int column = left + e / TILE;
        shifted[e / TILE * TILE_PITCH + e % TILE] =
            column < d ? task.x[column * task.stride + first + e % TILE] - p[column] : 0.0;
      }
      __syncthreads();
      if (left <= top + 4 * down + 3) {
        for (int j = 0; j < TILE_DEPTH; j++) {
          const double* a = whitening + j * TILE_PITCH + 4 * down;
          const double* z = shifted + j * TILE_PITCH + 4 * across;
#pragma unroll
          for (int r = 0; r < 4; r++) {
#pragma unroll
            for (int c = 0; c < 4; c++) {
              y[r][c] = fma(a[r], z[c], y[r][c]);
            }
          }
        }
      }
    }
#pragma unroll
    for (int r = 0; r < 4; r++) {
#pragma unroll
      for (int c = 0; c < 4; c++) {
        squares[c] = fma(y[r][c], y[r][c], squares[c]);
      }
    }
  }
  __syncthreads();
#pragma unroll
  for (int c = 0; c < 4; c++) {
    scratch[down * TILE_PITCH + 4 * across + c] = squares[c];
  }
  __syncthreads();
  if (t < TILE) {
    double distance = 0;
    for (int part = 0; part < 16; part++) {
      distance += scratch[part * TILE_PITCH + t];
    }
    const double* last = triangle + static_cast<long long>(d) * (d + 1) / 2;
    task.values[k * task.stride + first + t] =
        density(task, first + t, k, distance, last[0], last[1]);
  }
}
