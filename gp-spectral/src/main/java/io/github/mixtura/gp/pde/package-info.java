/** Partial differential equations of high frequency solved by spectral-mixture GPs. */
package io.github.mixtura.gp.pde;
