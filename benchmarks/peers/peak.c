/* Fused multiply-adds per second of one core, in GFLOP/s (two flop each): the best and the median
   of 40 short runs, in CPU time. Compile with -O2 -march=native; the widest vectors of the
   compiler's target are used. Twelve independent chains hide the latency. */
#include <immintrin.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if defined(__AVX512F__)
typedef __m512d vector;
#define LANES 8
#define SET(x) _mm512_set1_pd(x)
#define FMA(a, b, c) _mm512_fmadd_pd(a, b, c)
#elif defined(__FMA__)
typedef __m256d vector;
#define LANES 4
#define SET(x) _mm256_set1_pd(x)
#define FMA(a, b, c) _mm256_fmadd_pd(a, b, c)
#else
#error "needs a processor with FMA"
#endif

#define CHAINS 12
#define RUNS 40
#define STEPS 2000000L

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(void) {
  double rates[RUNS];
  volatile double sink = 0, one = 1;
  for (int run = 0; run < RUNS; run++) {
    vector sum[CHAINS], factor = SET(0.999999 * one), term = SET(1e-6 * one);
    for (int c = 0; c < CHAINS; c++) sum[c] = SET(c * one);
    double begin = seconds();
    for (long i = 0; i < STEPS; i++) {
#pragma GCC unroll 12
      for (int c = 0; c < CHAINS; c++) sum[c] = FMA(sum[c], factor, term);
    }
    double time = seconds() - begin;
    for (int c = 0; c < CHAINS; c++) {
      double lanes[LANES];
      __builtin_memcpy(lanes, &sum[c], sizeof lanes);
      sink += lanes[0];
    }
    rates[run] = 2.0 * LANES * CHAINS * STEPS / time * 1e-9;
  }
  qsort(rates, RUNS, sizeof(double), ascending);
  printf("{\"lanes\": %d, \"best\": %.1f, \"median\": %.1f}\n", LANES, rates[RUNS - 1],
         rates[RUNS / 2]);
  return 0;
}
