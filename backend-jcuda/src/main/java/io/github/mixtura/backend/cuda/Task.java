package io.github.mixtura.backend.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The one argument of every kernel: {@code struct Task} of {@code task.cuh}. */
final class Task {
  /** The members, eight bytes each, in their order. */
  enum Field {
    X,
    WEIGHT,
    PARAMETERS,
    VALUES,
    AUXILIARY,
    LOG_SUMS,
    PARTIAL,
    RESULT,
    STRIDE,
    ROWS,
    COLUMNS,
    COMPONENTS,
    SLICE_ROWS,
    SLICES,
    LENGTH,
    NORMALISE,
    KEPT,
    GROUP,
    CHUNK,
    ROW_GROUPS,
    DIMENSION
  }

  /** Size of the structure. */
  static final int BYTES = 8 * Field.values().length;

  private final ByteBuffer members =
      ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder());

  @SuppressWarnings("EnumOrdinal") // their order is the layout
  Task set(Field field, long value) {
    members.putLong(8 * field.ordinal(), value);
    return this;
  }

  Task set(Field field, DeviceMemory memory) {
    return set(field, memory == null ? 0 : memory.address());
  }

  ByteBuffer members() {
    return members;
  }
}
