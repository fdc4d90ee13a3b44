// CUDA C++ as plain C++, for the emulated driver of the tests. This is no GPU: it checks arithmetic,
// index maths, barriers and the host's use of the driver, and says nothing about speed.
#pragma once

#include <math.h>

#define __global__
#define __device__
#define __shared__
#define __align__(n) __attribute__((aligned(n)))
#define __launch_bounds__(...)
#define __syncthreads() emulatedBarrier(__LINE__)

struct Dimensions {
  unsigned x;
  unsigned y;
  unsigned z;
};

extern Dimensions threadIdx;
extern Dimensions blockIdx;
extern Dimensions blockDim;
extern Dimensions gridDim;

// Lets the other threads of the block come to the same line.
void emulatedBarrier(int line);
