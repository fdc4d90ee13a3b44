/** Saving and loading of mixtures as versioned JSON. */
package io.github.mixtura.codec;
