package io.github.mixtura.backend.cuda;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.github.mixtura.compute.Backend;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs the tests that need a device, and ends with 4 where there is none. */
final class DeviceTests {
  private static final List<String> ALL =
      List.of("CudaKernelsTest", "CudaFitTest", "CudaMemoryTest", "EmulatedFaultsTest");

  private DeviceTests() {}

  static boolean isThereADevice() {
    return new CudaBackend().probe().usable();
  }

  /** Whether the device is the tests' own. */
  static boolean isEmulated() {
    if (!isThereADevice()) {
      return false;
    }
    try (Device device = Device.open()) {
      return device.name().contains("emulated");
    }
  }

  /**
   * Runs tests.
   *
   * @param arguments test classes of this package, methods as {@code Class#method}, or {@code
   *     !method} to leave one out; all classes if there are none
   */
  public static void main(String[] arguments) {
    Backend.Probe probe = new CudaBackend().probe();
    if (!probe.usable()) {
      System.err.println("The cuda backend is not usable here: " + probe.reason());
      System.exit(4);
    }
    try (Device device = Device.open()) {
      System.out.println("Device: " + device.name());
    }
    System.exit(run(arguments.length == 0 ? ALL : List.of(arguments)) ? 0 : 1);
  }

  private static boolean run(List<String> names) {
    LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
    for (String name : names) {
      if (name.startsWith("!")) {
        request.filters(
            (PostDiscoveryFilter)
                test ->
                    FilterResult.includedIf(
                        !test.getLegacyReportingName().startsWith(name.substring(1) + "(")));
      } else {
        String full = DeviceTests.class.getPackageName() + "." + name;
        request.selectors(name.contains("#") ? selectMethod(full) : selectClass(full));
      }
    }
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    Launcher launcher = LauncherFactory.create();
    launcher.execute(request.build(), summary, new Times());
    TestExecutionSummary result = summary.getSummary();
    result.printFailuresTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8), 12);
    System.out.printf(
        "%d tests, %d passed, %d failed, %d skipped, %.1f s%n",
        result.getTestsFoundCount(),
        result.getTestsSucceededCount(),
        result.getTotalFailureCount(),
        result.getTestsSkippedCount() + result.getContainersSkippedCount(),
        (result.getTimeFinished() - result.getTimeStarted()) * 1e-3);
    return result.getTotalFailureCount() == 0 && result.getTestsSucceededCount() > 0;
  }

  /** Prints each test as it ends. */
  private static final class Times implements TestExecutionListener {
    private long begin;

    @Override
    public void executionStarted(TestIdentifier test) {
      begin = System.nanoTime();
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (test.isTest()) {
        System.out.printf(
            "%-10s %6.1f s  %s%n",
            result.getStatus(), (System.nanoTime() - begin) * 1e-9, test.getLegacyReportingName());
      }
    }
  }
}
