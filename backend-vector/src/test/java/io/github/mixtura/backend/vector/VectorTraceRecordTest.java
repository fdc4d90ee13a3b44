package io.github.mixtura.backend.vector;

import io.github.mixtura.em.TraceRecord;

class VectorTraceRecordTest extends TraceRecord {
  @Override
  protected String backend() {
    return "vector";
  }

  @Override
  protected int lanes() {
    return Lanes.COUNT;
  }
}
