package io.github.mixtura.cli;

import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.internal.chartpart.Chart;
import org.w3c.dom.Document;

/** A picture that can be saved. */
public final class Plot {
  private static final int PNG_SCALE = 2;

  private final Chart<?, ?> chart;
  private final String title;

  Plot(Chart<?, ?> chart, String title) {
    this.chart = chart;
    this.title = title;
  }

  /**
   * Saves the picture: under a temporary name first, then renamed.
   *
   * @param file its name ends in {@code .png} or {@code .svg}
   * @return the file
   * @throws IllegalArgumentException if the name has another ending
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  public Path save(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".png")) {
      OutputFile.write(file, this::png);
    } else if (name.endsWith(".svg")) {
      OutputFile.write(file, this::svg);
    } else {
      throw new IllegalArgumentException("file is " + file + ", must end in .png or .svg");
    }
    return file;
  }

  private void png(OutputStream out) throws IOException {
    int width = chart.getWidth();
    int height = chart.getHeight();
    BufferedImage image =
        new BufferedImage(PNG_SCALE * width, PNG_SCALE * height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.scale(PNG_SCALE, PNG_SCALE);
    chart.paint(graphics, width, height);
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(image, "png", stream);
    }
    bytes.writeTo(out);
  }

  private void svg(OutputStream out) throws IOException {
    Document document;
    try {
      document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .getDOMImplementation()
              .createDocument("http://www.w3.org/2000/svg", "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
    SVGGraphics2D graphics = new SVGGraphics2D(document);
    graphics.setSVGCanvasSize(new Dimension(chart.getWidth(), chart.getHeight()));
    chart.paint(graphics, chart.getWidth(), chart.getHeight());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    OutputStreamWriter writer = new OutputStreamWriter(bytes, StandardCharsets.UTF_8);
    graphics.stream(writer, true);
    writer.flush();
    bytes.writeTo(out);
  }

  @Override
  public String toString() {
    return "Plot \"" + title + "\"; .save(Path.of(\"x.png\")) or .svg writes it";
  }
}
