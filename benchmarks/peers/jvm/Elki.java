import elki.clustering.em.EM;
import elki.clustering.em.models.DiagonalGaussianModel;
import elki.clustering.em.models.EMClusterModel;
import elki.clustering.em.models.MultivariateGaussianModel;
import elki.data.NumberVector;
import elki.data.model.EMModel;
import elki.data.type.TypeUtil;
import elki.database.StaticArrayDatabase;
import elki.database.datastore.DataStoreFactory;
import elki.database.datastore.DataStoreUtil;
import elki.database.datastore.WritableDataStore;
import elki.database.relation.Relation;
import elki.datasource.ArrayAdapterDatabaseConnection;
import java.util.ArrayList;
import java.util.List;

/** ELKI, through the two public steps that its EM loop is made of, without a prior. */
final class Elki implements Peer {
  private Cell cell;
  private Relation<NumberVector> relation;

  @Override
  public String version() {
    return "ELKI 0.8.0";
  }

  @Override
  public void load(Cell cell) {
    this.cell = cell;
    var database = new StaticArrayDatabase(new ArrayAdapterDatabaseConnection(cell.rows()));
    database.initialize();
    relation = database.getRelation(TypeUtil.NUMBER_VECTOR_FIELD);
  }

  @Override
  public double run(int iterations, Clock clock) {
    List<EMClusterModel<NumberVector, EMModel>> models = new ArrayList<>();
    for (int k = 0; k < cell.components(); k++) {
      double weight = cell.weights()[k];
      double[] mean = cell.means()[k].clone();
      models.add(
          cell.diagonal()
              ? new DiagonalGaussianModel(weight, mean, cell.variances()[k].clone())
              : new MultivariateGaussianModel(weight, mean, cell.covariance(k)));
    }
    WritableDataStore<double[]> responsibilities =
        DataStoreUtil.makeStorage(
            relation.getDBIDs(),
            DataStoreFactory.HINT_HOT | DataStoreFactory.HINT_SORTED,
            double[].class);
    EM.assignProbabilitiesToInstances(relation, models, responsibilities, null);
    clock.start();
    double mean = 0;
    for (int i = 0; i < iterations; i++) {
      EM.recomputeCovarianceMatrices(relation, responsibilities, models, 0);
      mean = EM.assignProbabilitiesToInstances(relation, models, responsibilities, null);
    }
    clock.stop();
    return mean * relation.size();
  }
}
