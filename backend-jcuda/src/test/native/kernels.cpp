// The real kernels, compiled as C++.
#include "emulation.h"
#include "../../main/cuda/kernels.cu"

unsigned long long emulatedTaskSize() { return sizeof(Task); }
