// Weights and derivatives of Student's t from squared distances and responsibilities. Bound by
// memory: 16 bytes per row and component for a few operations; only log1p comes near.
#pragma once

#include "task.cuh"

// r ← r (ν + d) / (ν + δ²), and Σr before. Parameters: K ν. blockIdx.x is the component.
extern "C" __global__ void __launch_bounds__(ROW_THREADS) studentWeights(Task task) {
  const long long k = blockIdx.x;
  const double nu = task.parameters[k];
  const double numerator = nu + static_cast<double>(task.dimension);
  const long long begin = static_cast<long long>(blockIdx.y) * task.sliceRows;
  const long long end = smaller(task.rows, begin + task.sliceRows);
  double sum = 0;
  for (long long i = begin + threadIdx.x; i < end; i += ROW_THREADS) {
    const long long at = k * task.stride + i;
    const double r = task.values[at];
    sum += r;
    task.values[at] = r * numerator / (nu + task.auxiliary[at]);
  }
  const double total = blockSum(sum);
  if (threadIdx.x == 0) {
    task.partial[blockIdx.y * task.length + k] = total;
  }
}

// s = ∂ log f/∂τ and h = ∂² log f/∂τ², τ = 1/ν, for one row and component. Parameters per component:
// ν, and the parts c1, c2 of the first and second derivative in ν that do not depend on the row.
__device__ inline void derivatives(
    const Task& task, long long k, long long i, double& s, double& h) {
  const double nu = task.parameters[3 * k];
  const double d = static_cast<double>(task.dimension);
  const double t = task.auxiliary[k * task.stride + i];
  const double inverse = 1 / (nu + t);
  const double q = t * inverse;
  const double g =
      task.parameters[3 * k + 1] + 0.5 * (nu + d) / nu * q - 0.5 * log1p(t / nu);
  const double slope = task.parameters[3 * k + 2] + 0.5 / nu * q
      - 0.5 / (nu * nu) * q * inverse * (nu * nu + 2.0 * d * nu + d * t);
  s = -nu * nu * g;
  h = nu * nu * nu * (2 * g + nu * slope);
}

// Σ r s and Σ [r (h + s²) − (r s)²/w] of component blockIdx.x; the same of all together, with
// Σ_k r s in place of r s, for blockIdx.x = K.
extern "C" __global__ void __launch_bounds__(ROW_THREADS) studentDegrees(Task task) {
  const long long y = blockIdx.x;
  const long long from = y < task.components ? y : 0;
  const long long to = y < task.components ? y + 1 : task.components;
  const long long begin = static_cast<long long>(blockIdx.y) * task.sliceRows;
  const long long end = smaller(task.rows, begin + task.sliceRows);
  double gradient = 0;
  double curvature = 0;
  for (long long i = begin + threadIdx.x; i < end; i += ROW_THREADS) {
    double first = 0;
    double second = 0;
    for (long long k = from; k < to; k++) {
      double s;
      double h;
      derivatives(task, k, i, s, h);
      const double r = task.values[k * task.stride + i];
      first += r * s;
      second += r * h + r * s * s;
    }
    gradient += first;
    curvature += second - first * first / rowWeight(task, i);
  }
  const double gradients = blockSum(gradient);
  const double curvatures = blockSum(curvature);
  if (threadIdx.x == 0) {
    double* out = task.partial + blockIdx.y * task.length + 2 * y;
    out[0] = gradients;
    out[1] = curvatures;
  }
}
