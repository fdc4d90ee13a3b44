// All kernels of the CUDA backend, one compilation unit. CONTRIBUTING.md says how to rebuild the
// PTX from it.
#include "expectation.cuh"
#include "moments.cuh"
#include "student.cuh"
