package io.github.mixtura.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a table is laid out, by its first lines.
 *
 * @param delimiter what separates fields; {@link #BLANKS} for runs of blanks
 * @param skip lines before the table, which are no part of it
 * @param comments how many of them begin with #, 0 where none is skipped
 * @param marked whether the header follows a # in its line
 */
record Layout(char delimiter, int skip, int comments, boolean marked) {
  static final char BLANKS = ' ';

  private static final char[] DELIMITERS = {',', ';', '\t'};
  private static final int LOOK_AHEAD = 32;

  /** Characters among which the first line, and then the others, are looked for. */
  private static final int FIRST_LINE = 1 << 24;

  private static final int OTHER_LINES = 1 << 20;
  private static final Pattern DECLARED = Pattern.compile("[sS][eE][pP]=([,;|\t])");

  /** A line that is not blank, without what is in quotes, and the number of its first line. */
  private record Line(String text, int number) {
    boolean isComment() {
      return text.stripLeading().startsWith("#");
    }
  }

  /** Looks ahead; nothing is consumed. */
  static Layout of(BufferedReader reader, String file) throws IOException {
    reader.mark(FIRST_LINE + OTHER_LINES);
    List<Line> lines = lines(reader);
    reader.reset();
    // Forgets the mark, for which all that is read on would be kept.
    reader.mark(1);
    if (lines.isEmpty()) {
      return new Layout(',', 0, 0, false);
    }
    Matcher declared = DECLARED.matcher(lines.get(0).text().strip());
    if (declared.matches()) {
      return new Layout(declared.group(1).charAt(0), lines.get(0).number(), 0, false);
    }
    int comments = 0;
    while (comments < lines.size() && lines.get(comments).isComment()) {
      comments++;
    }
    List<Line> table = lines.subList(comments, lines.size());
    if (comments == 0 || table.isEmpty()) {
      return new Layout(delimiter(lines, file), 0, 0, false);
    }
    char delimiter = delimiter(table, file);
    Line last = lines.get(comments - 1);
    String header = last.text().strip().substring(1);
    String[] first = fields(table.get(0).text(), delimiter);
    boolean named =
        fields(header, delimiter).length == first.length
            && Arrays.stream(first).allMatch(f -> Numbers.number(Numbers.strip(f)) != null);
    int skip = (named ? last.number() : table.get(0).number()) - 1;
    return new Layout(
        delimiter, skip, named ? comments - 1 : comments, named && header.startsWith(" "));
  }

  /** The first lines that are not blank, comments at the top and some more. */
  private static List<Line> lines(BufferedReader reader) throws IOException {
    List<Line> lines = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    boolean quoted = false;
    boolean blank = true;
    int number = 1;
    int from = 1;
    int more = LOOK_AHEAD;
    int limit = FIRST_LINE;
    int before = 0;
    for (int i = 0; i < limit && more > 0; i++) {
      int c = reader.read();
      boolean end = c < 0 || (!quoted && (c == '\n' || c == '\r'));
      number += c == '\r' || (c == '\n' && before != '\r') ? 1 : 0;
      before = c;
      if (end) {
        if (!blank) {
          lines.add(new Line(text.toString(), from));
          more -= lines.get(lines.size() - 1).isComment() && more == LOOK_AHEAD ? 0 : 1;
          limit = Math.min(i, FIRST_LINE) + OTHER_LINES;
        }
        if (c < 0) {
          return lines;
        }
        text.setLength(0);
        blank = true;
        from = number;
        continue;
      }
      quoted ^= c == '"';
      blank &= Character.isWhitespace(c);
      if (c == '"') {
        // Stands for what is in quotes.
        text.append(quoted ? "q" : "");
      } else if (!quoted) {
        text.append((char) c);
      }
    }
    if (lines.isEmpty() && !blank) {
      lines.add(new Line(text.toString(), from));
    }
    return lines;
  }

  /** What separates the fields of a table that begins with a line. */
  private static char delimiter(List<Line> table, String file) {
    char delimiter = delimiter(table);
    int count = fields(table.get(0).text(), delimiter).length;
    // A table below other lines: what separates the last lines is right for all from some line on.
    List<Line> last = table.subList(table.size() - 1, table.size());
    char below = delimiter(last);
    int columns = fields(last.get(0).text(), below).length;
    int begin = table.size() - 1;
    while (begin > 0 && fields(table.get(begin - 1).text(), below).length == columns) {
      begin--;
    }
    boolean title =
        begin > (count == 1 ? 0 : 1)
            && table.subList(0, begin).stream()
                .noneMatch(line -> fields(line.text(), below).length == columns);
    if (title && columns > 1 && table.size() - begin > 1) {
      throw new DataFormatException(
          file
              + ", line "
              + table.get(0).number()
              + ": has "
              + count(count, "field")
              + " and is no header of the "
              + columns
              + " columns that begin in line "
              + table.get(begin).number()
              + "; remove the lines above them");
    }
    return delimiter;
  }

  private static char delimiter(List<Line> table) {
    String line = table.get(0).text();
    char best = 0;
    int most = 0;
    for (char candidate : DELIMITERS) {
      String[] fields = fields(line, candidate);
      if (fields.length > 1
          && Arrays.stream(fields).anyMatch(f -> Numbers.hasDecimalComma(f.strip()))) {
        return candidate;
      }
      if (fields.length - 1 > most) {
        most = fields.length - 1;
        best = candidate;
      }
    }
    if (best != 0) {
      return best;
    }
    return agree(table, '|') ? '|' : agree(table, BLANKS) ? BLANKS : ',';
  }

  /** Whether all lines have the same number of fields, above one, with a number among them. */
  private static boolean agree(List<Line> table, char candidate) {
    int header = fields(table.get(0).text(), candidate).length;
    int columns = fields(table.get(table.size() - 1).text(), candidate).length;
    boolean numbers = false;
    for (Line line : table.subList(Math.min(1, table.size() - 1), table.size())) {
      String[] fields = fields(line.text(), candidate);
      if (fields.length != columns) {
        return false;
      }
      numbers |=
          Arrays.stream(fields)
              .map(Numbers::strip)
              .anyMatch(
                  f -> f.equals("q") || Numbers.number(f) != null || Numbers.hasDecimalComma(f));
    }
    return columns > 1 && numbers && (header == columns || header == columns - 1);
  }

  /** A number of things, in the singular where there is one. */
  static String count(long number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }

  private static String[] fields(String line, char delimiter) {
    return delimiter == BLANKS
        ? Numbers.strip(line).split("[ \t\u00a0]+")
        : line.split(Pattern.quote(String.valueOf(delimiter)), -1);
  }
}
