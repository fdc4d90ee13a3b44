/** Gaussian processes with spectral-mixture covariances: functions, regression, learning. */
package io.github.mixtura.gp;
