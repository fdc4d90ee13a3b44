package io.github.mixtura.em;

class JavaTraceRecordTest extends TraceRecord {
  @Override
  protected String backend() {
    return "java";
  }

  @Override
  protected int lanes() {
    return 1;
  }
}
