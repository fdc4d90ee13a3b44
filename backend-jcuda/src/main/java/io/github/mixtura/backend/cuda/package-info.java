/**
 * The kernels on an NVIDIA GPU: the driver alone through JCuda, and the library's own CUDA C++
 * kernels as PTX.
 */
package io.github.mixtura.backend.cuda;
