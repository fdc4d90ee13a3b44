// Threads of a block as fibers: each runs to its next barrier, in an order that can be changed.
#pragma once

#include <cstdint>
#include <string>

constexpr unsigned MOST_THREADS = 256;
constexpr unsigned SHARED_BYTES = 48 * 1024;

using Kernel = void (*)(const void* arguments);

// Order of threads between barriers: 0 forward, 1 reversed, else a seed of random orders.
void setThreadOrder(uint64_t order);

// Runs one block; returns what was wrong, or nothing.
std::string runBlock(Kernel kernel, const void* arguments, unsigned threads, unsigned sharedBytes);
