package io.github.mixtura.backend.cuda;

import io.github.mixtura.compute.Backend;
import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.Covariance;
import io.github.mixtura.distribution.Gaussian;
import io.github.mixtura.em.EmOptions;
import io.github.mixtura.em.MixtureFit;
import io.github.mixtura.em.MixtureFitter;
import io.github.mixtura.em.gaussian.CovarianceStructure;
import io.github.mixtura.em.gaussian.GaussianFamily;
import io.github.mixtura.em.init.Initializer;
import io.github.mixtura.mixture.Mixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jcuda.driver.CUdevice_attribute;

/**
 * One EM iteration of a Gaussian mixture with full covariances on the device, host work included,
 * beside what the device's memory and arithmetic allow. {@code benchmarks/peers/torch_em.py} does
 * the same from the same rows and start; log-likelihoods must agree.
 */
final class CudaBenchmark {
  private static final String[] CELLS = {
    "10000000,2,3", "10000000,16,16", "1000000,64,32", "100000,30,30", "100000,128,16"
  };
  private static final int ITERATIONS = 10;

  private CudaBenchmark() {}

  /**
   * Measures.
   *
   * @param arguments cells as n,d,K; those of the table if there are none
   */
  public static void main(String[] arguments) {
    Backend.Probe probe = new CudaBackend().probe();
    if (!probe.usable()) {
      System.err.println("The cuda backend is not usable here: " + probe.reason());
      System.exit(4);
    }
    long begin = System.nanoTime();
    double memory;
    double arithmetic;
    try (Device device = Device.open()) {
      System.out.printf(
          "Device: %s; opened with its kernels in %.3f s%n",
          device.name(), (System.nanoTime() - begin) * 1e-9);
      memory = memoryBytesPerSecond(device);
      arithmetic = operationsPerSecond(device);
    }
    if (DeviceTests.isEmulated()) {
      System.out.println("This is no GPU: no time and no share below means anything.");
    }
    System.out.printf(
        "Peaks from its attributes: %.0f GB/s, %.0f GFLOP/s FP64 without tensor units%n",
        memory * 1e-9, arithmetic * 1e-9);
    System.out.printf(
        "%10s %5s %4s %14s %18s %11s %10s  %s%n",
        "n",
        "d",
        "K",
        "ms/iteration",
        "ns/(row component)",
        "of roofline",
        "bound by",
        "mean log-likelihood");
    for (String cell : arguments.length == 0 ? CELLS : arguments) {
      int[] shape = Arrays.stream(cell.split(",")).mapToInt(Integer::parseInt).toArray();
      measure(shape[0], shape[1], shape[2], memory, arithmetic);
    }
  }

  private static double memoryBytesPerSecond(Device device) {
    // Two transfers per clock; attributes in kHz and bits.
    return 2e3
        * device.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE)
        * device.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH)
        / 8;
  }

  private static double operationsPerSecond(Device device) {
    int major = device.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
    int minor = device.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    // FP64 lanes per multiprocessor, from NVIDIA's table of throughputs.
    int lanes =
        switch (10 * major + minor) {
          case 80 -> 32;
          case 90, 100 -> 64;
          default -> 2;
        };
    return 2e3
        * lanes
        * device.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT)
        * device.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CLOCK_RATE);
  }

  private static void measure(int n, int d, int k, double memory, double arithmetic) {
    Observations rows = rows(n, d, k);
    List<Long> times = new ArrayList<>();
    MixtureFit<Gaussian> fit =
        MixtureFitter.of(GaussianFamily.of(CovarianceStructure.VVV), k)
            .options(
                EmOptions.defaults()
                    .withBackend("cuda")
                    .withTolerance(0)
                    .withMaxIterations(ITERATIONS)
                    .withListener(progress -> times.add(System.nanoTime())))
            .initializer(Initializer.model(start(d, k)))
            .fit(rows);
    double[] each = new double[ITERATIONS - 1];
    Arrays.setAll(each, i -> (times.get(i + 2) - times.get(i + 1)) * 1e-9);
    Arrays.sort(each);
    double seconds = each[each.length / 2];
    // Rows in and responsibilities out, then both in; products and squares of both steps, exp.
    double memorySeconds = 16.0 * n * (d + k) / memory;
    double operations = 2.0 * d * (d + 1) + 6.0 * d + 50;
    double arithmeticSeconds = operations * n * k / arithmetic;
    System.out.printf(
        "%10d %5d %4d %14.3f %18.5f %10.1f%% %10s  %.12f%n",
        n,
        d,
        k,
        seconds * 1e3,
        seconds * 1e9 / n / k,
        100 * Math.max(memorySeconds, arithmeticSeconds) / seconds,
        memorySeconds > arithmeticSeconds ? "memory" : "arithmetic",
        fit.logLikelihood() / n);
  }

  /** The 64 bits of SplitMix64 at a place of its sequence. */
  private static long bits(long index) {
    long z = index * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** In (0, 1). */
  private static double uniform(long index) {
    return ((bits(index) >>> 12) + 0.5) * 0x1p-52;
  }

  private static double normal(long index) {
    return Math.sqrt(-2 * Math.log(uniform(2 * index + 1)))
        * Math.cos(2 * Math.PI * uniform(2 * index + 2));
  }

  private static double centre(int k, int j) {
    return 6 * uniform(-1 - (1000L * k + j)) - 3;
  }

  /** Row i belongs to component i mod K, with unit covariance. */
  private static Observations rows(int n, int d, int k) {
    Observations.Builder builder = Observations.builder(d);
    double[] row = new double[d];
    for (long i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        row[j] = centre((int) (i % k), j) + normal(i * d + j);
      }
      builder.add(row);
    }
    return builder.build();
  }

  private static Mixture<Gaussian> start(int d, int k) {
    List<Gaussian> components = new ArrayList<>();
    double[] ones = new double[d];
    Arrays.fill(ones, 1);
    double[] weights = new double[k];
    Arrays.fill(weights, 1.0 / k);
    for (int c = 0; c < k; c++) {
      int component = c;
      double[] mean = new double[d];
      Arrays.setAll(mean, j -> centre(component, j) + 0.5);
      components.add(Gaussian.of(mean, Covariance.diagonal(ones)));
    }
    return Mixture.of(components, weights);
  }
}
