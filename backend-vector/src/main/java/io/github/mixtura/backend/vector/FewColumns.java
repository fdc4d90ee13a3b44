package io.github.mixtura.backend.vector;

import static io.github.mixtura.backend.vector.Lanes.COUNT;
import static io.github.mixtura.backend.vector.Lanes.SHAPE;
import static io.github.mixtura.backend.vector.VectorWorkspace.STRIDE;
import static io.github.mixtura.compute.Block.ROWS;
import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;

import jdk.incubator.vector.DoubleVector;

/**
 * scale · |A (x − μ)|² + constant for the rows of one block and up to eight columns, without a loop
 * over columns; with more columns, the share of the first eight rows of A.
 *
 * <p>From four columns on, a column is taken up by all rows of A before the next one: in the order
 * of the rows of A the compiler keeps many coefficients in registers and the columns in memory.
 */
final class FewColumns {
  private FewColumns() {}

  static void one(double[] x0, double m0, double a0, double scale, double c, double[] out, int at) {
    for (int b = 0; b < ROWS; b += COUNT) {
      DoubleVector y = fromArray(SHAPE, x0, b).sub(m0).mul(a0);
      y.mul(y).fma(broadcast(SHAPE, scale), broadcast(SHAPE, c)).intoArray(out, at + b);
    }
  }

  static void two(
      double[][] x, double[] m, double[] a, double scale, double c, double[] out, int at) {
    double[] x0 = x[0];
    double[] x1 = x[1];
    double m0 = m[0];
    double m1 = m[1];
    double a00 = a[0];
    double a10 = a[1];
    double a11 = a[2];
    for (int b = 0; b < ROWS; b += COUNT) {
      DoubleVector z0 = fromArray(SHAPE, x0, b).sub(m0);
      DoubleVector z1 = fromArray(SHAPE, x1, b).sub(m1);
      DoubleVector y0 = z0.mul(a00);
      DoubleVector y1 = z1.fma(broadcast(SHAPE, a11), z0.mul(a10));
      DoubleVector s = y1.fma(y1, y0.mul(y0));
      s.fma(broadcast(SHAPE, scale), broadcast(SHAPE, c)).intoArray(out, at + b);
    }
  }

  static void three(
      double[][] x, double[] m, double[] a, double scale, double c, double[] out, int at) {
    double[] x0 = x[0];
    double[] x1 = x[1];
    double[] x2 = x[2];
    double m0 = m[0];
    double m1 = m[1];
    double m2 = m[2];
    double a00 = a[0];
    double a10 = a[1];
    double a11 = a[2];
    double a20 = a[3];
    double a21 = a[4];
    double a22 = a[5];
    for (int b = 0; b < ROWS; b += COUNT) {
      DoubleVector z0 = fromArray(SHAPE, x0, b).sub(m0);
      DoubleVector z1 = fromArray(SHAPE, x1, b).sub(m1);
      DoubleVector z2 = fromArray(SHAPE, x2, b).sub(m2);
      DoubleVector y0 = z0.mul(a00);
      DoubleVector y1 = z1.fma(broadcast(SHAPE, a11), z0.mul(a10));
      DoubleVector y2 = z2.fma(broadcast(SHAPE, a22), z1.fma(broadcast(SHAPE, a21), z0.mul(a20)));
      DoubleVector s = y2.fma(y2, y1.fma(y1, y0.mul(y0)));
      s.fma(broadcast(SHAPE, scale), broadcast(SHAPE, c)).intoArray(out, at + b);
    }
  }

  /** Four rows of A for all components, packed as {@link Distances#pack} does. */
  static void four(
      double[][] x,
      double[] packed,
      int components,
      double scale,
      double[] constant,
      double[] out) {
    int length = Distances.packedLength(4);
    int triangle = Distances.packedMean(4);
    double[] x0 = x[0];
    double[] x1 = x[1];
    double[] x2 = x[2];
    double[] x3 = x[3];
    for (int b = 0; b < ROWS; b += COUNT) {
      for (int k = 0; k < components; k++) {
        int m = k * length;
        int a = m + triangle;
        DoubleVector z = fromArray(SHAPE, x0, b).sub(packed[m]);
        DoubleVector y0 = z.mul(packed[a]);
        DoubleVector y1 = z.mul(packed[a + 1]);
        DoubleVector y2 = z.mul(packed[a + 2]);
        DoubleVector y3 = z.mul(packed[a + 3]);
        DoubleVector s = y0.mul(y0);
        z = fromArray(SHAPE, x1, b).sub(packed[m + 1]);
        y1 = z.fma(broadcast(SHAPE, packed[a + 5]), y1);
        y2 = z.fma(broadcast(SHAPE, packed[a + 6]), y2);
        y3 = z.fma(broadcast(SHAPE, packed[a + 7]), y3);
        s = y1.fma(y1, s);
        z = fromArray(SHAPE, x2, b).sub(packed[m + 2]);
        y2 = z.fma(broadcast(SHAPE, packed[a + 10]), y2);
        y3 = z.fma(broadcast(SHAPE, packed[a + 11]), y3);
        s = y2.fma(y2, s);
        z = fromArray(SHAPE, x3, b).sub(packed[m + 3]);
        y3 = z.fma(broadcast(SHAPE, packed[a + 15]), y3);
        s = y3.fma(y3, s);
        DoubleVector c = broadcast(SHAPE, constant[k]);
        s.fma(broadcast(SHAPE, scale), c).intoArray(out, k * STRIDE + b);
      }
    }
  }

  /** Eight rows of A, of which all from the sixth on may be filling. */
  static void eight(
      double[][] x,
      double[] packed,
      int components,
      double scale,
      double[] constant,
      double[] out) {
    int length = Distances.packedLength(x.length);
    int triangle = Distances.packedMean(x.length);
    int last = x.length - 1;
    double[] x0 = x[0];
    double[] x1 = x[1];
    double[] x2 = x[2];
    double[] x3 = x[3];
    double[] x4 = x[4];
    double[] x5 = x[Math.min(5, last)];
    double[] x6 = x[Math.min(6, last)];
    double[] x7 = x[Math.min(7, last)];
    for (int b = 0; b < ROWS; b += COUNT) {
      for (int k = 0; k < components; k++) {
        int m = k * length;
        int a = m + triangle;
        DoubleVector z = fromArray(SHAPE, x0, b).sub(packed[m]);
        DoubleVector y0 = z.mul(packed[a]);
        DoubleVector y1 = z.mul(packed[a + 1]);
        DoubleVector y2 = z.mul(packed[a + 2]);
        DoubleVector y3 = z.mul(packed[a + 3]);
        DoubleVector y4 = z.mul(packed[a + 16]);
        DoubleVector y5 = z.mul(packed[a + 17]);
        DoubleVector y6 = z.mul(packed[a + 18]);
        DoubleVector y7 = z.mul(packed[a + 19]);
        DoubleVector s = y0.mul(y0);
        z = fromArray(SHAPE, x1, b).sub(packed[m + 1]);
        y1 = z.fma(broadcast(SHAPE, packed[a + 5]), y1);
        y2 = z.fma(broadcast(SHAPE, packed[a + 6]), y2);
        y3 = z.fma(broadcast(SHAPE, packed[a + 7]), y3);
        y4 = z.fma(broadcast(SHAPE, packed[a + 20]), y4);
        y5 = z.fma(broadcast(SHAPE, packed[a + 21]), y5);
        y6 = z.fma(broadcast(SHAPE, packed[a + 22]), y6);
        y7 = z.fma(broadcast(SHAPE, packed[a + 23]), y7);
        s = y1.fma(y1, s);
        z = fromArray(SHAPE, x2, b).sub(packed[m + 2]);
        y2 = z.fma(broadcast(SHAPE, packed[a + 10]), y2);
        y3 = z.fma(broadcast(SHAPE, packed[a + 11]), y3);
        y4 = z.fma(broadcast(SHAPE, packed[a + 24]), y4);
        y5 = z.fma(broadcast(SHAPE, packed[a + 25]), y5);
        y6 = z.fma(broadcast(SHAPE, packed[a + 26]), y6);
        y7 = z.fma(broadcast(SHAPE, packed[a + 27]), y7);
        s = y2.fma(y2, s);
        z = fromArray(SHAPE, x3, b).sub(packed[m + 3]);
        y3 = z.fma(broadcast(SHAPE, packed[a + 15]), y3);
        y4 = z.fma(broadcast(SHAPE, packed[a + 28]), y4);
        y5 = z.fma(broadcast(SHAPE, packed[a + 29]), y5);
        y6 = z.fma(broadcast(SHAPE, packed[a + 30]), y6);
        y7 = z.fma(broadcast(SHAPE, packed[a + 31]), y7);
        s = y3.fma(y3, s);
        z = fromArray(SHAPE, x4, b).sub(packed[m + 4]);
        y4 = z.fma(broadcast(SHAPE, packed[a + 32]), y4);
        y5 = z.fma(broadcast(SHAPE, packed[a + 33]), y5);
        y6 = z.fma(broadcast(SHAPE, packed[a + 34]), y6);
        y7 = z.fma(broadcast(SHAPE, packed[a + 35]), y7);
        s = y4.fma(y4, s);
        z = fromArray(SHAPE, x5, b).sub(packed[m + 5]);
        y5 = z.fma(broadcast(SHAPE, packed[a + 37]), y5);
        y6 = z.fma(broadcast(SHAPE, packed[a + 38]), y6);
        y7 = z.fma(broadcast(SHAPE, packed[a + 39]), y7);
        s = y5.fma(y5, s);
        z = fromArray(SHAPE, x6, b).sub(packed[m + 6]);
        y6 = z.fma(broadcast(SHAPE, packed[a + 42]), y6);
        y7 = z.fma(broadcast(SHAPE, packed[a + 43]), y7);
        s = y6.fma(y6, s);
        z = fromArray(SHAPE, x7, b).sub(packed[m + 7]);
        y7 = z.fma(broadcast(SHAPE, packed[a + 47]), y7);
        s = y7.fma(y7, s);
        DoubleVector c = broadcast(SHAPE, constant[k]);
        s.fma(broadcast(SHAPE, scale), c).intoArray(out, k * STRIDE + b);
      }
    }
  }
}
