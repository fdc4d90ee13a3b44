package io.github.mixtura.sdp;

import io.github.mixtura.data.Observations;
import org.ejml.data.DMatrixRMaj;

/**
 * Complete rows, centred about their mean.
 *
 * @param rows n × p, row major
 * @param mean p values that were subtracted
 */
record Points(DMatrixRMaj rows, double[] mean) {
  static Points of(Observations observations) {
    int n = observations.rows();
    int p = observations.columns();
    DMatrixRMaj rows = new DMatrixRMaj(n, p);
    double[] mean = new double[p];
    for (int j = 0; j < p; j++) {
      double[] column = observations.column(j);
      double sum = 0;
      for (double value : column) {
        sum += value;
      }
      double first = sum / n;
      double rest = 0;
      for (double value : column) {
        rest += value - first;
      }
      mean[j] = first + rest / n;
      for (int i = 0; i < n; i++) {
        rows.data[i * p + j] = column[i] - mean[j];
      }
    }
    return new Points(rows, mean);
  }

  int count() {
    return rows.numRows;
  }

  int dimension() {
    return rows.numCols;
  }
}
