/** The kernels through the Vector API of the JDK, an incubating module that Java must be given. */
package io.github.mixtura.backend.vector;
