package io.github.mixtura.sdp;

import io.github.mixtura.data.Observations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * What certified clustering proves, and in what time, on seeded data.
 *
 * <pre>{@code
 * java -Xmx4g -cp benchmarks/target/benchmarks.jar io.github.mixtura.sdp.SdpStudy \
 *     benchmarks/results/sdp pw2000 pw100k pw1m admm la flips far
 * }</pre>
 *
 * writes {@code sdp.csv} and {@code sdp.md}. Studies: {@code pw2000}, {@code pw100k}, {@code pw1m}
 * (SDP-relaxed K-means through the public API), {@code admm} (search and certificate against the
 * full program by ADMM), {@code la} (LA-SDP for the covariances of the groups found), {@code flips}
 * (false certificates), {@code far} (16 clusters in four far groups), {@code tight} (where the
 * relaxation is worth more than the partition), {@code quick} (a small one of each, to see that
 * they run).
 */
public final class SdpStudy {
  private static final int DRAWS = 10;

  /** Runs whose mean time is compared with one of ADMM. */
  private static final int REPEATS = 10;

  private static final Run RUN = new Run(Runtime.getRuntime().availableProcessors(), () -> false);

  private static final String COLUMNS =
      """
      - gap, error terms: relative to the objective; for LA-SDP to n p. The gap includes the error terms.
      - room: below 1 the relaxation itself is worth more than the partition, so that no certificate of
        it can close the gap.
      - moved rows: rows that are in another group than the one they were drawn from.
      - s, CPU s: wall time, and CPU time of the whole process with compilers and collectors, in
        steps of 0.01. Total: from the rows in memory to the partition. The rank-1 bound beside it is
        not part of it.
      - peak heap: the sum of the peaks of the heap's pools, garbage and the rows included.
      - its labels above, relaxation above: what ADMM's labels, and its feasible point of the relaxation,
        are worth more than the partition found, relative to the objective; for LA-SDP to n p.
      - warm-up: the first draw of the JVM or of the kind; not in medians and largest values.""";

  private final List<String> csv = new ArrayList<>(List.of("study,cell,draw,quantity,value"));
  private final StringBuilder markdown = new StringBuilder();

  private SdpStudy() {}

  /**
   * Runs studies.
   *
   * @param arguments path of the results without ending, then names of studies
   * @throws IOException if the results cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    SdpStudy all = new SdpStudy();
    all.markdown.append(
        String.format(
            "# Certified clustering%n%n%s %s, %d processors, heap of at most %d MB.%n%n%s%n%n",
            System.getProperty("java.vm.name"),
            System.getProperty("java.version"),
            RUN.threads(),
            Runtime.getRuntime().maxMemory() >> 20,
            COLUMNS));
    for (String study : Arrays.asList(arguments).subList(1, arguments.length)) {
      all.run(study);
      Files.write(Path.of(arguments[0] + ".csv"), all.csv);
      Files.writeString(Path.of(arguments[0] + ".md"), all.markdown);
    }
  }

  private void run(String study) {
    switch (study) {
      case "pw2000" -> {
        StudyTable table = new StudyTable(study);
        for (double ratio : new double[] {1.2, 1.0, 0.9}) {
          pengWei(table, 2000, ratio, 0, DRAWS);
        }
        write("SDP-relaxed K-means, n = 2000, p = 20, K = 4", table);
      }
      case "pw100k" -> {
        StudyTable table = new StudyTable(study);
        pengWei(table, 100_000, 1.2, 0, DRAWS);
        pengWei(table, 100_000, 0.9, 1, DRAWS);
        write("SDP-relaxed K-means, n = 100 000, p = 20, K = 4", table);
      }
      case "pw1m" -> {
        StudyTable table = new StudyTable(study);
        pengWei(table, 1_000_000, 1.2, 1, 3);
        write("SDP-relaxed K-means, n = 1 000 000, p = 20, K = 4", table);
      }
      case "admm" -> {
        StudyTable table = new StudyTable(study);
        for (int draw = 0; draw <= 3; draw++) {
          admm(table, 500, draw);
        }
        write("Search and certificate against ADMM from a cold start, n = 500, m = 2", table);
      }
      case "la" -> likelihoodAdjusted(study);
      case "tight" -> {
        StudyTable table = new StudyTable(study);
        for (int draw = 1; draw <= 24; draw++) {
          tight(table, 200, 0.9, draw);
        }
        write("Whether the relaxation is tight, n = 200, p = 20, K = 4", table);
      }
      case "flips" -> {
        StudyTable table = new StudyTable(study);
        ChangedLabels.study(table, 8, 300, 14);
        write("Labels of certified partitions changed at random, n = 300", table);
      }
      case "far" -> {
        StudyTable table = new StudyTable(study);
        farGroups(table, "centres 7·e_k", 7, DRAWS);
        farGroups(table, "distance 7", 7 / Math.sqrt(2), DRAWS);
        write("16 clusters in four far groups, n = 400, p = 6", table);
      }
      case "quick" -> quick();
      default -> throw new IllegalArgumentException("study is " + study + ", which is not known");
    }
  }

  private void quick() {
    StudyTable first = new StudyTable("pw");
    pengWei(first, 120, 1.5, 0, 2);
    write("SDP-relaxed K-means", first);
    StudyTable second = new StudyTable("admm");
    admm(second, 60, 1);
    write("ADMM", second);
    StudyTable tight = new StudyTable("tight");
    tight(tight, 60, 2, 1);
    write("Tight", tight);
    StudyTable third = new StudyTable("la");
    adjusted(third, 90, 10, 0, 1);
    write("LA-SDP", third);
    StudyTable fourth = new StudyTable("la-admm");
    adjustedAdmm(fourth, 60, 10, 1);
    write("LA-SDP by ADMM", fourth);
    StudyTable changed = new StudyTable("flips");
    ChangedLabels.study(changed, 1, 100, 2);
    write("Changed labels", changed);
    StudyTable last = new StudyTable("far");
    farGroups(last, "centres 7·e_k", 7, 1);
    write("Far groups", last);
  }

  private void write(String title, StudyTable table) {
    csv.addAll(table.csv());
    markdown.append("## ").append(title).append("\n\n").append(table.markdown()).append('\n');
  }

  /** A partition through the public API, with times of its phases. */
  private static Partition cluster(SdpClustering clustering, Observations rows, StudyClock clock) {
    clock.enter("centre");
    Partition partition = clustering.listener(clock::enter).cluster(rows);
    clock.enter(null);
    return partition;
  }

  private static void put(Map<String, Object> values, String name, StudyClock.Time time) {
    values.put(name + " s", time.wall());
    values.put(name + " CPU s", time.cpu());
  }

  private static void put(Map<String, Object> values, Partition partition) {
    values.put("gap", partition.relativeGap().orElse(Double.POSITIVE_INFINITY));
    double scale =
        partition.covariances().isEmpty()
            ? partition.objective()
            : (double) partition.labels().length * partition.covariances().get(0).length;
    values.put("error terms", partition.errorTerms().orElse(0) / scale);
    values.put("status", partition.status());
    values.put("bound", String.valueOf(partition.boundMethod()));
  }

  private static void pengWei(StudyTable table, int n, double ratio, int from, int to) {
    for (int draw = from; draw <= to; draw++) {
      SdpDraw data = SdpDraw.balanced(n, 20, 4, ratio, draw);
      StudyClock.resetPeak();
      StudyClock clock = new StudyClock();
      Partition partition = cluster(SdpClustering.of(Method.SDP, 4).seed(draw), data.rows(), clock);
      final double peak = StudyClock.peakMegabytes();
      int[] labels = partition.labels();
      PengWei problem = data.problem();
      StudyClock other = new StudyClock();
      Bound rankOne =
          other.during("rank-1", () -> PengWeiCertificate.rankOne(problem, labels, RUN));
      Map<String, Object> values = new LinkedHashMap<>();
      put(values, partition);
      values.put("room", room(problem, labels));
      values.put("moved rows", data.moved(labels));
      put(values, "search", clock.of("search"));
      put(values, "certificate", clock.of("certificate"));
      put(values, "total", clock.total());
      values.put("rank-1 gap", rankOne.gap() / rankOne.objective());
      values.put("rank-1 s", other.total().wall());
      values.put("peak heap MB", peak);
      table.add("m = " + ratio, draw, values);
    }
  }

  /**
   * The largest λ at which the partition's multipliers B can be ≥ 0, divided by the smallest that
   * keeps S semidefinite inside the groups. Complementary slackness allows no other multipliers, so
   * below 1 the relaxation itself is worth more than the partition.
   */
  private static double room(PengWei problem, int[] labels) {
    return PengWeiDual.integralLimit(problem, labels)
        / PengWeiCertificate.largestWithin(problem, labels, Run.FREE);
  }

  private static void admm(StudyTable table, int n, int draw) {
    SdpDraw data = SdpDraw.balanced(n, 20, 4, 2, draw);
    StudyClock clock = new StudyClock();
    for (int repeat = 1; repeat < REPEATS; repeat++) {
      cluster(SdpClustering.of(Method.SDP, 4).seed(draw), data.rows(), clock);
    }
    Partition partition = cluster(SdpClustering.of(Method.SDP, 4).seed(draw), data.rows(), clock);
    StudyClock.Time total =
        new StudyClock.Time(clock.total().wall() / REPEATS, clock.total().cpu() / REPEATS);
    PengWei problem = data.problem();
    StudyClock other = new StudyClock();
    PengWeiAdmm.Result result = other.during("admm", () -> PengWeiAdmm.solve(problem, RUN));
    Map<String, Object> values = new LinkedHashMap<>();
    put(values, partition);
    put(values, "total", total);
    put(values, "ADMM", other.total());
    values.put("ADMM ÷ total", other.total().wall() / total.wall());
    values.put("ADMM CPU ÷ total CPU", other.total().cpu() / total.cpu());
    values.put("ADMM gap", result.relativeGap());
    values.put("ADMM steps", result.iterations());
    values.put("equal labels", areEqual(partition.labels(), result.labels()));
    double each = result.eigenSeconds() / result.decompositions();
    values.put("eigen-decomposition ms", 1e3 * each);
    values.put("EJML's ms", 1e3 * ejmlEigenSeconds(n));
    values.put("all eigen-decompositions s", result.eigenSeconds());
    table.add("n = " + n, draw, values);
  }

  /** The room of a partition beside what ADMM finds the relaxation to be worth. */
  private static void tight(StudyTable table, int n, double ratio, int draw) {
    SdpDraw data = SdpDraw.balanced(n, 20, 4, ratio, draw);
    Partition partition = SdpClustering.of(Method.SDP, 4).cluster(data.rows());
    PengWei problem = data.problem();
    Bound bound = PengWeiCertificate.of(problem, partition.labels(), RUN);
    PengWeiAdmm.Result result = PengWeiAdmm.solve(problem, RUN);
    double objective = bound.objective();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("room", room(problem, partition.labels()));
    values.put("certificate gap", bound.gap() / objective);
    values.put("relaxation above", (result.primal() - objective) / objective);
    values.put("ADMM bound above", (result.upper() - objective) / objective);
    values.put("ADMM steps", result.iterations());
    table.add("m = " + ratio, draw, values);
  }

  private static double ejmlEigenSeconds(int n) {
    SplittableRandom random = new SplittableRandom(n);
    DMatrixRMaj matrix = new DMatrixRMaj(n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        matrix.data[i * n + j] = matrix.data[j * n + i] = random.nextDouble(-1, 1);
      }
    }
    double best = Double.POSITIVE_INFINITY;
    for (int trial = 0; trial < 3; trial++) {
      EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, true, true);
      long begin = System.nanoTime();
      if (!eigen.decompose(matrix.copy())) {
        throw new IllegalStateException("no eigenvalues of a symmetric matrix");
      }
      best = Math.min(best, (System.nanoTime() - begin) * 1e-9);
    }
    return best;
  }

  /** Whether two partitions are the same but for the numbers of the groups. */
  private static boolean areEqual(int[] one, int[] other) {
    int[] image = new int[one.length];
    int[] origin = new int[one.length];
    Arrays.fill(image, -1);
    Arrays.fill(origin, -1);
    for (int i = 0; i < one.length; i++) {
      if (image[one[i]] < 0 && origin[other[i]] < 0) {
        image[one[i]] = other[i];
        origin[other[i]] = one[i];
      }
      if (image[one[i]] != other[i]) {
        return false;
      }
    }
    return true;
  }

  private void likelihoodAdjusted(String study) {
    StudyTable table = new StudyTable(study);
    adjusted(table, 900, 10, 0, DRAWS);
    adjusted(table, 3000, 10, 1, DRAWS);
    adjusted(table, 20_000, 10, 1, 2);
    write(
        "LA-SDP for the covariances of the groups, p = 4, K = 3, eigenvalues 0.1 to 10, sep 10",
        table);
    StudyTable admm = new StudyTable(study + "-admm");
    for (double separation : new double[] {10, 4}) {
      for (int draw = 1; draw <= 3; draw++) {
        adjustedAdmm(admm, 200, separation, draw);
      }
    }
    write("LA-SDP by ADMM, n = 200, p = 4, K = 3", admm);
  }

  private static Partition search(SdpDraw data, long seed, StudyClock clock) {
    return cluster(
        SdpClustering.of(Method.LIKELIHOOD, data.components()).seed(seed), data.rows(), clock);
  }

  private static void adjusted(StudyTable table, int n, double separation, int from, int to) {
    for (int draw = from; draw <= to; draw++) {
      SdpDraw data = SdpDraw.rotated(n, 4, 3, separation, 0.1, 10, draw);
      StudyClock.resetPeak();
      StudyClock clock = new StudyClock();
      Partition found = search(data, draw, clock);
      Partition partition =
          clock.during("certificate", () -> data.certified(found.labels(), found));
      Map<String, Object> values = new LinkedHashMap<>();
      put(values, partition);
      values.put("moved rows", data.moved(found.labels()));
      put(values, "search", clock.of("search"));
      put(values, "certificate", clock.of("certificate"));
      values.put("peak heap MB", StudyClock.peakMegabytes());
      table.add("n = " + n + ", sep " + Math.round(separation), draw, values);
    }
  }

  private static void adjustedAdmm(StudyTable table, int n, double separation, int draw) {
    SdpDraw data = SdpDraw.rotated(n, 4, 3, separation, 0.1, 10, draw);
    Partition found = search(data, draw, new StudyClock());
    Adjusted problem = Adjusted.of(Points.of(data.rows()), SdpDraw.covariances(found));
    StudyClock clock = new StudyClock();
    AdjustedAdmm.Solution solution =
        clock.during("admm", () -> AdjustedAdmm.solve(problem, 1e-3, 2000, RUN));
    Partition partition = clock.during("certificate", () -> data.certified(found.labels(), found));
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("ADMM gap", solution.gap());
    values.put("ADMM steps", solution.steps());
    put(values, "ADMM", clock.of("admm"));
    values.put("eigen-decomposition ms", 1e3 * solution.eigenSeconds() / solution.steps() / 3);
    values.put("equal labels", areEqual(solution.labels(), found.labels()));
    values.put("its labels above", (solution.objective() - partition.objective()) / n / 4);
    values.put("relaxation above", (solution.primal() - partition.objective()) / n / 4);
    values.put("certificate gap", partition.relativeGap().orElse(Double.POSITIVE_INFINITY));
    values.put("status", partition.status());
    put(values, "certificate", clock.of("certificate"));
    table.add("sep " + Math.round(separation), draw, values);
  }

  private static void farGroups(StudyTable table, String cell, double near, int draws) {
    for (int draw = 1; draw <= draws; draw++) {
      SdpDraw data = SdpDraw.farGroups(400, near, 60, draw);
      StudyClock clock = new StudyClock();
      Partition found = cluster(SdpClustering.of(Method.SDP, 16).seed(draw), data.rows(), clock);
      Partition truth = SdpCertificate.of(data.rows(), data.labels());
      Bound rankOne = PengWeiCertificate.rankOne(data.problem(), found.labels(), RUN);
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("true partition", truth.status());
      values.put("its gap", truth.relativeGap().orElse(Double.POSITIVE_INFINITY));
      values.put("its room", room(data.problem(), data.labels()));
      put(values, found);
      values.put("moved rows", data.moved(found.labels()));
      put(values, "search", clock.of("search"));
      put(values, "certificate", clock.of("certificate"));
      values.put("rank-1 gap", rankOne.gap() / rankOne.objective());
      table.add(cell, draw, values);
    }
  }
}
