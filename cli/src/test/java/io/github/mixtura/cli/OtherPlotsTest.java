package io.github.mixtura.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mixtura.data.Observations;
import io.github.mixtura.distribution.VonMises;
import io.github.mixtura.mdn.risk.Ewma;
import io.github.mixtura.mdn.risk.RiskReport;
import io.github.mixtura.mdn.risk.RiskStudy;
import io.github.mixtura.mixture.Mixture;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherPlotsTest {
  /**
   * A law around (180°, 0°): its regions lie at both sides of the picture and not in the middle.
   */
  @Test
  void regionsGoAroundTheBorder(@TempDir Path folder) throws Exception {
    double[] centre = {Math.PI, 0};
    Mixture<VonMises> law = Mixture.of(List.of(VonMises.of(centre, new double[] {8, 8})), 1);
    SplittableRandom random = new SplittableRandom(1);
    double[][] rows = new double[50][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = law.sample(random);
    }
    Path png = folder.resolve("angles.png");
    AnglePlots.density(law, Observations.of(rows)).save(png);
    BufferedImage image = ImageIO.read(png.toFile());
    int width = image.getWidth();
    assertTrue(blue(image, width / 10, width / 2) > 100, "left");
    assertEquals(0, blue(image, width / 2, 3 * width / 5), "middle");
    assertTrue(blue(image, width / 2, width) > 100, "right");
    assertThrows(
        IllegalArgumentException.class,
        () -> AnglePlots.density(law, Observations.of(new double[] {1, 2})));
  }

  /** Pixels in the upper half that are clearly blue. */
  private static int blue(BufferedImage image, int from, int to) {
    int count = 0;
    for (int x = from; x < to; x++) {
      for (int y = image.getHeight() / 10; y < image.getHeight() / 2; y++) {
        int rgb = image.getRGB(x, y);
        count += (rgb & 0xff) - (rgb >> 16 & 0xff) > 60 ? 1 : 0;
      }
    }
    return count;
  }

  @Test
  void riskPicturesNameWhatIsThere() {
    double[] returns = new SplittableRandom(2).doubles(90, -1, 1).toArray();
    RiskReport report =
        RiskStudy.of(Ewma.of())
            .withWindow(60)
            .withTestDays(30)
            .withSimulations(5)
            .onReturns(returns);
    assertTrue(RiskPlots.forecasts(report, 0.99).toString().contains("0.99"));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> RiskPlots.forecasts(report, 0.98))
            .getMessage()
            .contains("level is 0.98"));
    assertTrue(
        assertThrows(
                IllegalArgumentException.class, () -> RiskPlots.forecasts(report, 0.99, "garch"))
            .getMessage()
            .contains("model is 'garch'"));
  }
}
