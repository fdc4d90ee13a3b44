package io.github.mixtura.sdp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.dense.Dense;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SdpStudyTest {
  @Test
  void everyStudyRunsAndCertifiesNoChangedLabels(@TempDir Path folder) throws IOException {
    SdpStudy.main(new String[] {folder.resolve("sdp").toString(), "quick"});
    List<String> csv = Files.readAllLines(folder.resolve("sdp.csv"));
    for (String study : List.of("pw", "admm", "la", "la-admm", "far")) {
      assertTrue(
          csv.stream().anyMatch(line -> line.matches(study + ",.*,status,CERTIFIED")), study);
    }
    List<String> flips = csv.stream().filter(line -> line.startsWith("flips,")).toList();
    assertEquals(36, flips.size());
    assertTrue(
        flips.stream()
            .filter(line -> line.matches(".*(CERTIFIED|known partition),[^,]*"))
            .allMatch(line -> line.endsWith(",0")));
    assertTrue(Files.readString(folder.resolve("sdp.md")).contains("**median**"));
  }

  @Test
  void groupsHaveTheCovariancesAndCentresAskedFor() {
    SdpDraw draw = SdpDraw.rotated(60_000, 3, 2, 5, 0.1, 10, 1);
    Points points = Points.of(draw.rows());
    DMatrixRMaj[] covariances =
        GroupCovariances.of(
            points, draw.labels(), 2, new CovarianceRule(CovarianceModel.FULL, false), Run.FREE);
    for (DMatrixRMaj covariance : covariances) {
      double[] values = Dense.symmetricEigen(covariance).values();
      assertArrayEquals(new double[] {0.1, 1, 10}, values, 0.2);
    }
    assertEquals(2.5, Arrays.stream(draw.rows().column(0)).average().orElseThrow(), 0.05);
    assertEquals(0, draw.moved(draw.labels()));
    SdpDraw spheres = SdpDraw.balanced(40_000, 6, 4, 1, 2);
    double log = Math.log(40_000);
    double square = 4 * (1 + Math.sqrt(1 + 24 / (40_000 * log))) * log;
    double between = spheres.problem().objective(spheres.labels());
    // The mean square distance of K equidistant centres from their mean is Δ²(K − 1)/(2K).
    assertEquals(square * 3 / 8, between / 40_000, 0.05);
  }

  @Test
  void tablesShowMediansWithoutTheWarmUp() {
    StudyTable table = new StudyTable("test");
    double[] values = {100, 3, 1, 2};
    for (int draw = 0; draw < 4; draw++) {
      table.add("a, b", draw, Map.of("gap", values[draw]));
    }
    assertTrue(table.markdown().contains("| a, b | **median** | 2 |"), table.markdown());
    assertTrue(table.markdown().contains("| a, b | **largest** | 3 |"));
    assertTrue(table.csv().contains("test,\"a, b\",3,gap,2.0"));
  }
}
