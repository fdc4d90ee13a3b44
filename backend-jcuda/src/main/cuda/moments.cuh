// Weighted moments about a centre per component: Σr, Σr(x−c), and second moments as asked, in the
// layout of Kernels.Order. Parameters: K × d centres.
//
// What bounds them, as in expectation.cuh: per row 8 (d + K) bytes, K d² + 6 K d operations. (2, 3): 40 bytes, 48: memory. (16, 16): 256 bytes, 5600: arithmetic.
// (32, 64): 768 bytes, 78000: arithmetic. First moments and diagonals are bound by memory always.
#pragma once

#include "task.cuh"

// d ≤ 4: a row per thread, all sums of four components in registers.
template <int D>
__device__ inline void momentsSmall(const Task& task) {
  constexpr int COMPONENTS = 4;
  constexpr int LENGTH = 1 + D + D * (D + 1) / 2;
  const long long from = static_cast<long long>(blockIdx.x) * COMPONENTS;
  const int count = static_cast<int>(smaller<long long>(COMPONENTS, task.components - from));
  const long long begin = static_cast<long long>(blockIdx.y) * task.sliceRows;
  const long long end = smaller(task.rows, begin + task.sliceRows);
  double centre[COMPONENTS][D];
#pragma unroll
  for (int c = 0; c < COMPONENTS; c++) {
#pragma unroll
    for (int j = 0; j < D; j++) {
      centre[c][j] = c < count ? task.parameters[(from + c) * D + j] : 0.0;
    }
  }
  double sums[COMPONENTS * LENGTH] = {};
  for (long long i = begin + threadIdx.x; i < end; i += ROW_THREADS) {
    double x[D];
#pragma unroll
    for (int j = 0; j < D; j++) {
      x[j] = task.x[j * task.stride + i];
    }
#pragma unroll
    for (int c = 0; c < COMPONENTS; c++) {
      if (c < count) {
        const double r = task.values[(from + c) * task.stride + i];
        double* s = sums + c * LENGTH;
        s[0] += r;
        double z[D];
#pragma unroll
        for (int j = 0; j < D; j++) {
          z[j] = x[j] - centre[c][j];
          const double rz = r * z[j];
          s[1 + j] += rz;
#pragma unroll
          for (int l = 0; l <= j; l++) {
            s[1 + D + j * (j + 1) / 2 + l] = fma(rz, z[l], s[1 + D + j * (j + 1) / 2 + l]);
          }
        }
      }
    }
  }
  double* out = task.partial + blockIdx.y * task.length + from * LENGTH;
  blockSums(sums, [&](int v, double sum) {
    if (v < count * LENGTH) {
      out[v] = sum;
    }
  });
}

#define MOMENTS_SMALL(D)                                                     \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS) momentsSmall##D( \
      Task task) {                                                           \
    momentsSmall<D>(task);                                                   \
  }

MOMENTS_SMALL(1)
MOMENTS_SMALL(2)
MOMENTS_SMALL(3)
MOMENTS_SMALL(4)

// First moments, with squares or without: a row per thread, four components by four columns in
// registers. blockIdx.x counts groups of columns inside groups of components.
template <bool SQUARES>
__device__ inline void momentsColumns(const Task& task) {
  constexpr int SIDE = 4;
  constexpr int SUMS = SQUARES ? 2 : 1;
  const int d = static_cast<int>(task.columns);
  const int groups = (d + SIDE - 1) / SIDE;
  const int left = static_cast<int>(blockIdx.x) % groups * SIDE;
  const long long from = static_cast<long long>(blockIdx.x) / groups * SIDE;
  const int count = static_cast<int>(smaller<long long>(SIDE, task.components - from));
  const int width = smaller(SIDE, d - left);
  const long long begin = static_cast<long long>(blockIdx.y) * task.sliceRows;
  const long long end = smaller(task.rows, begin + task.sliceRows);
  double centre[SIDE][SIDE];
#pragma unroll
  for (int c = 0; c < SIDE; c++) {
#pragma unroll
    for (int j = 0; j < SIDE; j++) {
      centre[c][j] = c < count && j < width ? task.parameters[(from + c) * d + left + j] : 0.0;
    }
  }
  // Per component: the weight, then first moments, then squares.
  double sums[SIDE * (1 + SUMS * SIDE)] = {};
  for (long long i = begin + threadIdx.x; i < end; i += ROW_THREADS) {
    double x[SIDE];
#pragma unroll
    for (int j = 0; j < SIDE; j++) {
      x[j] = j < width ? task.x[(left + j) * task.stride + i] : 0.0;
    }
#pragma unroll
    for (int c = 0; c < SIDE; c++) {
      if (c < count) {
        const double r = task.values[(from + c) * task.stride + i];
        double* s = sums + c * (1 + SUMS * SIDE);
        s[0] += r;
#pragma unroll
        for (int j = 0; j < SIDE; j++) {
          const double z = x[j] - centre[c][j];
          const double rz = r * z;
          s[1 + j] += rz;
          if (SQUARES) {
            s[SUMS * SIDE - SIDE + 1 + j] = fma(rz, z, s[SUMS * SIDE - SIDE + 1 + j]);
          }
        }
      }
    }
  }
  const int stride = 1 + SUMS * d;
  double* out = task.partial + blockIdx.y * task.length + from * stride;
  blockSums(sums, [&](int v, double sum) {
    const int c = v / (1 + SUMS * SIDE);
    const int at = v % (1 + SUMS * SIDE);
    if (c >= count) {
      return;
    }
    if (at == 0) {
      if (left == 0) {
        out[c * stride] = sum;
      }
    } else if ((at - 1) % SIDE < width) {
      out[c * stride + 1 + (at - 1) / SIDE * d + left + (at - 1) % SIDE] = sum;
    }
  });
}

extern "C" __global__ void __launch_bounds__(ROW_THREADS) momentsFirst(Task task) {
  momentsColumns<false>(task);
}

extern "C" __global__ void __launch_bounds__(ROW_THREADS) momentsDiagonal(Task task) {
  momentsColumns<true>(task);
}

// Full moments, d ≥ 5: a rank update in tiles of four by four entries, one per thread.
//
// Columns fall into panels of 64; a block takes one pair of panels (rows of the triangle from the
// first, columns from the second) and `group` components, as many as give it about 256 tiles; with
// fewer tiles, `rowGroups` threads share one, each with rows of its own. `chunk` rows at a time,
// z = x − c and r z go to shared memory. Sixteen products need eight numbers from there.
constexpr int PANEL = 64;
constexpr int LANES = 4;                            // rows read side by side: one memory sector
constexpr int PER_THREAD = 4;                       // columns of z that a thread prepares, at most
constexpr int COLUMN_LANES = TILE_THREADS / LANES;  // columns prepared side by side

// The pair of numbers (a, b), b ≤ a, at place p of a packed lower triangle.
__device__ inline void unpack(int p, int& a, int& b) {
  a = 0;
  while ((a + 1) * (a + 2) / 2 <= p) {
    a++;
  }
  b = p - a * (a + 1) / 2;
}

struct Panels {
  int high;    // first column of the panel of triangle rows
  int low;     // first column of the panel of triangle columns
  int height;  // columns in the one
  int width;   // columns in the other
  int pitch;   // distance of rows in shared memory
  int tiles;   // per component
  bool same;   // both are one panel
};

__device__ inline Panels panelsOf(int d, int pair) {
  Panels p;
  int a;
  int b;
  unpack(pair, a, b);
  p.high = a * PANEL;
  p.low = b * PANEL;
  p.height = smaller(PANEL, d - p.high);
  p.width = smaller(PANEL, d - p.low);
  p.same = a == b;
  const int side = (smaller(PANEL, d) + 3) / 4;
  p.pitch = 4 * side + 2;
  p.tiles = p.same ? side * (side + 1) / 2 : side * side;
  return p;
}

// Shared memory: group × chunk × pitch of z, the same of r z; at the end reused for sums.
extern "C" __global__ void __launch_bounds__(TILE_THREADS) momentsTiles(Task task) {
  const int d = static_cast<int>(task.columns);
  const int panels = (d + PANEL - 1) / PANEL;
  const int pairs = panels * (panels + 1) / 2;
  const Panels p = panelsOf(d, static_cast<int>(blockIdx.x) % pairs);
  const long long from = static_cast<long long>(blockIdx.x) / pairs * task.group;
  const int count = static_cast<int>(smaller(task.group, task.components - from));
  const int chunk = static_cast<int>(task.chunk);
  const int rowGroups = static_cast<int>(task.rowGroups);
  double* z = scratch;
  double* rz = scratch + task.group * chunk * p.pitch;
  const long long begin = static_cast<long long>(blockIdx.y) * task.sliceRows;
  const long long end = smaller(task.rows, begin + task.sliceRows);
  const int t = threadIdx.x;

  // Of the tile: component, and place inside the panels.
  const int all = count * p.tiles;
  const int component = t % all / p.tiles;
  const int rowGroup = t / all;
  const bool active = rowGroup < rowGroups;
  int high;
  int low;
  if (p.same) {
    unpack(t % all % p.tiles, high, low);
  } else {
    const int side = (p.pitch - 2) / 4;
    high = t % all % p.tiles / side;
    low = t % all % p.tiles % side;
  }
  double tile[4][4] = {};

  // Of the preparation: columns of [component][column], column lane t / 4, row lane t % 4.
  const int padded = p.pitch - 2;
  double firsts[PER_THREAD] = {};
  double weights[PER_THREAD] = {};
  for (long long row = begin; row < end; row += chunk) {
    __syncthreads();
#pragma unroll
    for (int m = 0; m < PER_THREAD; m++) {
      const int c = t / LANES + m * COLUMN_LANES;
      if (c < count * padded) {
        const long long k = from + c / padded;
        const int j = c % padded;
        const bool above = j < p.height;
        const bool below = j < p.width;
        const double* centre = task.parameters + k * d;
        for (int b = t % LANES; b < chunk; b += LANES) {
          const long long i = row + b;
          const int at = (c / padded * chunk + b) * p.pitch + j;
          double upper = 0;
          double lower = 0;
          double r = 0;
          if (i < end) {
            r = task.values[k * task.stride + i];
            upper = above ? task.x[(p.high + j) * task.stride + i] - centre[p.high + j] : 0.0;
            lower = p.same ? upper
                    : below ? task.x[(p.low + j) * task.stride + i] - centre[p.low + j]
                            : 0.0;
          }
          z[at] = upper;
          rz[at] = r * lower;
          firsts[m] += r * lower;
          weights[m] += r;
        }
      }
    }
    __syncthreads();
    if (active) {
      for (int b = rowGroup; b < chunk; b += rowGroups) {
        const double* a = z + (component * chunk + b) * p.pitch + 4 * high;
        const double* w = rz + (component * chunk + b) * p.pitch + 4 * low;
#pragma unroll
        for (int u = 0; u < 4; u++) {
#pragma unroll
          for (int v = 0; v < 4; v++) {
            tile[u][v] = fma(a[u], w[v], tile[u][v]);
          }
        }
      }
    }
  }

  const long long length = 1 + d + static_cast<long long>(d) * (d + 1) / 2;
  double* out = task.partial + blockIdx.y * task.length + from * length;
  __syncthreads();
#pragma unroll
  for (int e = 0; e < 16; e++) {
    scratch[e * TILE_THREADS + t] = tile[e / 4][e % 4];
  }
  __syncthreads();
  for (int e = t; e < 16 * all; e += TILE_THREADS) {
    const int owner = e % all;
    const int entry = e / all;
    double sum = 0;
    for (int g = 0; g < rowGroups; g++) {
      sum += scratch[entry * TILE_THREADS + g * all + owner];
    }
    int a;
    int b;
    if (p.same) {
      unpack(owner % p.tiles, a, b);
    } else {
      const int side = (p.pitch - 2) / 4;
      a = owner % p.tiles / side;
      b = owner % p.tiles % side;
    }
    const long long i = p.high + 4 * a + entry / 4;
    const long long j = p.low + 4 * b + entry % 4;
    if (j <= i && i < d) {
      out[owner / p.tiles * length + 1 + d + i * (i + 1) / 2 + j] = sum;
    }
  }
  if (!p.same) {
    return;
  }
  __syncthreads();
#pragma unroll
  for (int m = 0; m < PER_THREAD; m++) {
    scratch[m * TILE_THREADS + t] = firsts[m];
    scratch[(PER_THREAD + m) * TILE_THREADS + t] = weights[m];
  }
  __syncthreads();
  for (int c = t; c < count * padded; c += TILE_THREADS) {
    const int at = c / COLUMN_LANES * TILE_THREADS + c % COLUMN_LANES * LANES;
    double first = 0;
    double weight = 0;
    for (int lane = 0; lane < LANES; lane++) {
      first += scratch[at + lane];
      weight += scratch[PER_THREAD * TILE_THREADS + at + lane];
    }
    const int j = c % padded;
    if (j < p.width) {
      out[c / padded * length + 1 + p.low + j] = first;
      if (j == 0 && p.low == 0) {
        out[c / padded * length] = weight;
      }
    }
  }
}
