package io.github.mixtura.data;

import java.io.IOException;
import java.io.Reader;

/**
 * Text whose fields blanks separate, with one tab in place of the blanks between two fields and
 * none at the ends of a line. Blanks in quotes stay.
 */
final class CollapsedBlanks extends Reader {
  private final Reader in;
  private boolean quoted;
  private boolean begun;
  private int held = -2;

  CollapsedBlanks(Reader in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    int c = held;
    held = -2;
    if (c == -2) {
      c = in.read();
      boolean blank = false;
      while (!quoted && (c == ' ' || c == '\t' || c == '\u00a0')) {
        blank = true;
        c = in.read();
      }
      boolean end = c < 0 || c == '\n' || c == '\r';
      if (blank && begun && !end) {
        held = c;
        return '\t';
      }
    }
    quoted ^= c == '"';
    begun = quoted || (c != '\n' && c != '\r');
    return c;
  }

  @Override
  public int read(char[] buffer, int offset, int length) throws IOException {
    int count = 0;
    int c;
    while (count < length && (c = read()) >= 0) {
      buffer[offset + count++] = (char) c;
    }
    return count == 0 && length > 0 ? -1 : count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
