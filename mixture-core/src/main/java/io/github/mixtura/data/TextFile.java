package io.github.mixtura.data;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Opens a text file, which may be a pipe: UTF-8, or UTF-16 and UTF-32, which are known by a
 * byte-order mark or, UTF-16, by the zeros in every second of the first bytes.
 */
final class TextFile {
  private static final int BEGINNING = 1024;
  private static final int MARK = 4;

  private TextFile() {}

  /** The text without its byte-order mark; bytes that are no text end in an exception. */
  static BufferedReader open(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    try {
      byte[] first = beginning(in);
      requireText(file, first);
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(
                  new SequenceInputStream(new ByteArrayInputStream(first), in),
                  charset(first)
                      .newDecoder()
                      .onMalformedInput(CodingErrorAction.REPORT)
                      .onUnmappableCharacter(CodingErrorAction.REPORT)),
              1 << 16);
      reader.mark(1);
      if (reader.read() != '\uFEFF') {
        reader.reset();
      }
      return reader;
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** What has arrived, enough for a byte-order mark where the file has as much. */
  private static byte[] beginning(InputStream in) throws IOException {
    byte[] bytes = new byte[BEGINNING];
    int count = 0;
    while (count < MARK) {
      int read = in.read(bytes, count, bytes.length - count);
      if (read < 0) {
        break;
      }
      count += read;
    }
    return Arrays.copyOf(bytes, count);
  }

  private static Charset charset(byte[] first) {
    if (begins(first, 0, 0, 0xFE, 0xFF)) {
      return Charset.forName("UTF-32BE");
    }
    if (begins(first, 0xFF, 0xFE, 0, 0)) {
      return Charset.forName("UTF-32LE");
    }
    int even = 0;
    int odd = 0;
    for (int i = 0; i < first.length; i++) {
      if (first[i] == 0) {
        even += 1 - i % 2;
        odd += i % 2;
      }
    }
    int half = first.length / 2;
    if (begins(first, 0xFF, 0xFE) || (odd > 0.7 * half && even == 0)) {
      return StandardCharsets.UTF_16LE;
    }
    if (begins(first, 0xFE, 0xFF) || (even > 0.7 * half && odd == 0)) {
      return StandardCharsets.UTF_16BE;
    }
    return StandardCharsets.UTF_8;
  }

  /** Where the first line is that is no UTF-8, and its byte; empty where that is not known. */
  static String firstThatIsNotUtf8(Path file) {
    if (!Files.isRegularFile(file)) {
      return "";
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (long number = 1; ; number++) {
        line.reset();
        int c;
        while ((c = in.read()) >= 0 && c != '\n') {
          line.write(c);
        }
        ByteBuffer bytes = ByteBuffer.wrap(line.toByteArray());
        CharBuffer text = CharBuffer.allocate(bytes.remaining() + 1);
        if (decoder.reset().decode(bytes, text, true).isError()) {
          return String.format(
              Locale.ROOT, ", line %d (byte %02X hexadecimal)", number, bytes.get() & 0xFF);
        }
        if (c < 0) {
          return "";
        }
      }
    } catch (IOException e) {
      return "";
    }
  }

  private static void requireText(Path file, byte[] first) {
    String kind =
        begins(first, 'P', 'K', 3, 4)
            ? "a zip archive or a workbook of Excel or LibreOffice"
            : begins(first, 0xD0, 0xCF, 0x11, 0xE0)
                ? "an old workbook of Excel"
                : begins(first, 0x1F, 0x8B)
                    ? "compressed by gzip"
                    : begins(first, 'B', 'Z', 'h')
                        ? "compressed by bzip2"
                        : begins(first, 0xFD, '7', 'z', 'X', 'Z')
                            ? "compressed by xz"
                            : begins(first, '%', 'P', 'D', 'F') ? "a PDF document" : null;
    if (kind != null) {
      throw new DataFormatException(file + ": is " + kind + ", must be a CSV file");
    }
  }

  private static boolean begins(byte[] first, int... bytes) {
    if (first.length < bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if ((first[i] & 0xFF) != bytes[i]) {
        return false;
      }
    }
    return true;
  }
}
