/** Partitions with certified bounds: SDP-relaxed K-means, LA-SDP and iLA-SDP. */
package io.github.mixtura.sdp;
