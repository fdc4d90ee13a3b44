package io.github.mixtura.sdp;

import io.github.mixtura.optimisation.Certification;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Certificates of partitions that are not the best: none may be given. */
final class ChangedLabels {
  private ChangedLabels() {}

  /** What a certificate is asked about. */
  enum Question {
    K_MEANS("K-means"),
    GIVEN_COVARIANCES("LA-SDP, covariances of the certified partition"),
    OWN_COVARIANCES("LA-SDP, covariances of the changed labels");

    private final String title;

    Question(String title) {
      this.title = title;
    }
  }

  /**
   * Changes 1, 2 and 5 % of the labels of certified partitions.
   *
   * @param bases number of certified partitions per question
   * @param n rows of each data set
   * @param trials of each partition and share
   */
  static void study(StudyTable table, int bases, int n, int trials) {
    for (Question question : Question.values()) {
      boolean spheres = question == Question.K_MEANS;
      int found = 0;
      for (int draw = 1; found < bases && draw <= 3 * bases; draw++) {
        SdpDraw data =
            spheres
                ? SdpDraw.balanced(n, 20, 4, 2, draw)
                : SdpDraw.rotated(n, 4, 3, 10, 0.1, 10, draw);
        Partition partition =
            SdpClustering.of(spheres ? Method.SDP : Method.ILA_SDP, data.components())
                .cluster(data.rows());
        if (partition.status() == Certification.CERTIFIED) {
          found++;
          for (double share : new double[] {0.01, 0.02, 0.05}) {
            ask(table, data, partition, question, share, draw, trials);
          }
        }
      }
    }
  }

  private static void ask(
      StudyTable table,
      SdpDraw data,
      Partition partition,
      Question question,
      double share,
      int draw,
      int trials) {
    SplittableRandom random = new SplittableRandom(draw);
    int certified = 0;
    int below = 0;
    double smallest = Double.POSITIVE_INFINITY;
    for (int trial = 0; trial < trials; trial++) {
      int[] labels = flipped(partition.labels(), data.components(), share, random);
      Partition changed =
          switch (question) {
            case K_MEANS -> SdpCertificate.of(data.rows(), labels);
            case GIVEN_COVARIANCES -> data.certified(labels, partition);
            case OWN_COVARIANCES ->
                SdpCertificate.of(data.rows(), labels, CovarianceModel.FULL, true);
          };
      double known =
          question == Question.OWN_COVARIANCES
              ? data.objective(partition.labels(), changed)
              : partition.objective();
      certified += changed.status() == Certification.CERTIFIED ? 1 : 0;
      below += changed.upperBound().orElse(Double.POSITIVE_INFINITY) < known ? 1 : 0;
      smallest = Math.min(smallest, changed.relativeGap().orElse(Double.POSITIVE_INFINITY));
    }
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("trials", trials);
    values.put("CERTIFIED", certified);
    values.put("bounds below a known partition", below);
    values.put("smallest gap", smallest);
    table.add(question.title + ", " + Math.round(100 * share) + " %", draw, values);
  }

  /** Gives a share of the rows, at least one, other labels. */
  private static int[] flipped(
      int[] labels, int components, double share, SplittableRandom random) {
    Set<Integer> chosen = new LinkedHashSet<>();
    while (chosen.size() < Math.max(1, Math.round(share * labels.length))) {
      chosen.add(random.nextInt(labels.length));
    }
    int[] changed = labels.clone();
    for (int row : chosen) {
      changed[row] = (labels[row] + 1 + random.nextInt(components - 1)) % components;
    }
    return changed;
  }
}
