package io.github.mixtura.backend.cuda;

import io.github.mixtura.backend.cuda.Grid.Slices;
import io.github.mixtura.backend.cuda.Task.Field;

/**
 * Parameters on their way up and sums on their way down: partial sums of slices of rows, their sum
 * in the second stage, and the copy of it.
 */
final class Sums {
  private final Device device;
  private final Transfer transfer;
  private final Residence residence;
  private final Task task;
  private DeviceMemory parameters;
  private DeviceMemory partial;
  private DeviceMemory result;
  private double[] fetched = new double[1];
  private int slices;
  private int length;

  Sums(Device device, Transfer transfer, Residence residence, Task task) {
    this.device = device;
    this.transfer = transfer;
    this.residence = residence;
    this.task = task;
  }

  /** Gives the next kernel its parameters. */
  void upload(double[] values) {
    parameters = grown(parameters, values.length, "parameters");
    transfer.up(values, values.length, parameters, 0);
    task.set(Field.PARAMETERS, parameters);
  }

  /** Makes room for so many partial sums of so many values. */
  void prepare(int count, int values) {
    slices = count;
    length = values;
    partial = grown(partial, (long) slices * length, "partial sums");
    result = grown(result, length, "sums");
    task.set(Field.PARTIAL, partial)
        .set(Field.RESULT, result)
        .set(Field.SLICES, slices)
        .set(Field.LENGTH, length);
  }

  private DeviceMemory grown(DeviceMemory memory, long wanted, String what) {
    if (memory != null && memory.length() >= wanted) {
      return memory;
    }
    DeviceMemory larger = residence.take(wanted, what);
    if (memory != null) {
      device.settle();
      memory.close();
    }
    return larger;
  }

  /** Cuts rows into slices for a kernel with so many blocks per slice. */
  void slices(int rows, long blocks, int values) {
    Slices cut = Slices.of(rows, blocks);
    task.set(Field.SLICE_ROWS, cut.rows());
    prepare(cut.count(), values);
  }

  /** Starts a kernel on all slices, and the second stage. */
  void run(String kernel, long blocks, int threads, int sharedBytes) {
    device.launch(kernel, blocks, slices, threads, sharedBytes, task);
    add();
  }

  /** Starts the second stage. */
  void add() {
    int entries = Grid.sumEntries(length);
    task.set(Field.GROUP, entries);
    long blocks = (length + entries - 1L) / entries;
    device.launch("sumPartials", blocks, 1, Grid.TILE_THREADS, 8 * Grid.TILE_THREADS, task);
  }

  /** Waits for the sums and fetches them; overwritten by the next. */
  double[] fetch() {
    if (fetched.length < length) {
      fetched = new double[length];
    }
    transfer.down(result, 0, fetched, length);
    return fetched;
  }

  /** Fetches the sums and adds so many per component. */
  double[] addTo(int components, int each, double[] into, int offset, int stride) {
    double[] values = fetch();
    for (int k = 0; k < components; k++) {
      for (int e = 0; e < each; e++) {
        into[offset + k * stride + e] += values[k * each + e];
      }
    }
    return values;
  }
}
