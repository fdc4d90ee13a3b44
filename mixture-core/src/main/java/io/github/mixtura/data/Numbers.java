package io.github.mixtura.data;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a field of a table says: a number, nothing, or text; and whether text is a number written in
 * another way.
 */
final class Numbers {
  private static final Set<String> MISSING =
      Set.of(
          "", "na", "n/a", "n.a.", "#n/a", "<na>", "#na", "nan", "-nan", "1.#qnan", "-1.#ind",
          "null", "nil", "none", "?", ".", "-", "--", "\u2013", "\u2014", "\\n", "missing");
  private static final int LONGEST_MISSING = 7;

  private static final Pattern DECIMAL_COMMA =
      Pattern.compile("[+-]?([0-9]+,[0-9]*|,[0-9]+)([eE][+-]?[0-9]+)?");

  private static final Pattern THOUSANDS =
      Pattern.compile(
          "[+-]?[0-9]{1,3}(?:([,.'\u2019\u00a0\u2009\u202f _])[0-9]{2,3})*?"
              + "([,.'\u2019\u00a0\u2009\u202f _])[0-9]{3}(?:[.,][0-9]*)?");

  private static final Pattern BEGINS_LIKE_A_NUMBER = Pattern.compile("[+-]?[.,]?[0-9].*");

  private static final String CURRENCY =
      "\\p{Sc}|[A-Z]{1,2}\\$|USD|EUR|GBP|JPY|CHF|CNY|INR|AUD|CAD|SEK|NOK|DKK|Rs\\.?|kr\\.?";
  private static final Pattern SIGNED =
      Pattern.compile(
          "(?<open>\\()?\\s*[+-]?\\s*(?<before>"
              + CURRENCY
              + "|'|=\"|[<>]=?|[\u2264\u2265~\u2248])?\\s*(?<number>[+-]?[.,]?[0-9].*?)[ \u00a0\u202f]*"
              + "(?<after>[%\u2030\u00b0*\u2020\"+-]+|"
              + CURRENCY
              + "|[\\p{L}\u00b0\u00b5][\\p{L}\u00b0\u00b5\u00b2\u00b3/^0-9.-]*)?\\s*\\)?");
  private static final Pattern MULTIPLE = Pattern.compile("[kKmMbBtT]|bn|mn|mio|Mio");

  private Numbers() {}

  static boolean isMissing(String field) {
    return field.length() <= LONGEST_MISSING
        && (field.isEmpty()
            || (!isDigit(field.charAt(0)) || field.indexOf('#') > 0)
                && MISSING.contains(field.toLowerCase(Locale.ROOT)));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** The number in a field, NaN where missing, {@code null} where it is text. */
  static Double number(String field) {
    if (isMissing(field)) {
      return Double.NaN;
    }
    Double value = plain(field);
    // A minus of Unicode has no other meaning before a digit.
    return value == null && (field.charAt(0) == '\u2212' || field.charAt(0) == '\u2013')
        ? plain("-" + field.substring(1))
        : value;
  }

  private static Double plain(String field) {
    char last = field.charAt(field.length() - 1);
    if (Character.isLetter(last) && !field.toLowerCase(Locale.ROOT).matches("[+-]?inf(inity)?")) {
      return null;
    }
    try {
      if (Character.isLetter(last)) {
        return field.charAt(0) == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      }
      // Hexadecimal, which Double reads too.
      boolean hexadecimal = field.indexOf('x') >= 0 || field.indexOf('X') >= 0;
      return hexadecimal ? null : Double.valueOf(field);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  static boolean beginsLikeANumber(String field) {
    return BEGINS_LIKE_A_NUMBER.matcher(field).matches();
  }

  static boolean hasDecimalComma(String field) {
    return DECIMAL_COMMA.matcher(field).matches();
  }

  /** How a text that is a number in other hands has to be written; {@code null} for other text. */
  record Notation(String remedy, boolean unit, boolean limit) {}

  static Notation notation(String field) {
    String separated = separators(field);
    if (separated != null) {
      return new Notation(separated, false, false);
    }
    Matcher matcher = SIGNED.matcher(field);
    if (!matcher.matches()) {
      return null;
    }
    String number = matcher.group("number");
    boolean plain = plain(number) != null;
    if (!plain && separators(number) == null) {
      return null;
    }
    String before = matcher.group("before");
    String after = matcher.group("after");
    String sign = before != null ? before : after != null ? after : matcher.group("open");
    if (sign == null || (before == null && after != null && after.matches("[eE][+-]?"))) {
      return null;
    }
    boolean unit =
        before == null
            && after != null
            && Character.isLetter(after.charAt(0))
            && !after.matches(CURRENCY)
            && !MULTIPLE.matcher(after).matches();
    boolean limit = before != null && before.matches("[<>]=?|[\u2264\u2265~\u2248]");
    return new Notation(
        "without the sign '" + sign + "'" + (plain ? "" : " and " + separators(number)),
        unit,
        limit);
  }

  private static String separators(String field) {
    Matcher thousands = THOUSANDS.matcher(field);
    boolean groups = thousands.matches();
    if (hasDecimalComma(field) || (groups && field.matches("[^,]*[^0-9,][^,]*,[0-9]*"))) {
      return "with a decimal point, not a decimal comma"
          + (groups ? ", and without separators of thousands" : "");
    }
    return groups && plain(field) == null
        ? "without the separator of thousands '" + thousands.group(2) + "'"
        : null;
  }

  /** A field without the blanks around it, those of typesetters too. */
  static String strip(String field) {
    int from = 0;
    int to = field.length();
    while (from < to && isBlank(field.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(field.charAt(to - 1))) {
      to--;
    }
    return from == 0 && to == field.length() ? field : field.substring(from, to);
  }

  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\uFEFF';
  }
}
