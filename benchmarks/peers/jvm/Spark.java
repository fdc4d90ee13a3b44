import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.clustering.GaussianMixture;
import org.apache.spark.ml.clustering.GaussianMixtureModel;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Spark MLlib in local mode. It takes no start: it draws its own, so that its log-likelihood is
 * another one. The time of the start and of the job's set-up is taken off by a fit of one
 * iteration.
 */
final class Spark implements Peer {
  private final SparkSession session =
      SparkSession.builder()
          .master("local[" + System.getProperty("threads") + "]")
          .config("spark.ui.enabled", "false")
          .config("spark.driver.host", "127.0.0.1")
          .config("spark.driver.bindAddress", "127.0.0.1")
          .getOrCreate();
  private Dataset<Row> rows;
  private int components;

  @Override
  public String version() {
    return "Spark MLlib " + session.version();
  }

  @Override
  public void load(Cell cell) {
    if (cell.diagonal()) {
      throw new UnsupportedOperationException("has no diagonal covariance");
    }
    if (rows != null) {
      rows.unpersist(true);
    }
    List<Row> list = new ArrayList<>();
    for (double[] row : cell.rows()) {
      list.add(RowFactory.create(Vectors.dense(row)));
    }
    StructType schema =
        new StructType(
            new StructField[] {
              new StructField("features", new VectorUDT(), false, Metadata.empty())
            });
    rows =
        session
            .createDataFrame(list, schema)
            .repartition(session.sparkContext().defaultParallelism())
            .cache();
    rows.count();
    components = cell.components();
  }

  @Override
  public double run(int iterations, Clock clock) {
    Clock first = new Clock();
    fit(1, first);
    GaussianMixtureModel model = fit(iterations + 1, clock);
    clock.minus(first);
    return model.summary().logLikelihood();
  }

  private GaussianMixtureModel fit(int iterations, Clock clock) {
    GaussianMixture fitter =
        new GaussianMixture().setK(components).setMaxIter(iterations).setTol(0).setSeed(1);
    clock.start();
    GaussianMixtureModel model = fitter.fit(rows);
    clock.stop();
    return model;
  }
}
