package io.github.mixtura.data;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates in a column of text, in every order of day, month and year that they could have. */
final class Dates {
  private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
  private static final String TIME =
      "(?:[ T,]+(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?\\s*([AaPp][Mm])?.*)?";
  private static final Pattern NUMBERS =
      Pattern.compile("(\\d{1,4})[-/. ](\\d{1,2}|[A-Za-z]{3,9})[-/. ,]+(\\d{1,4})" + TIME);
  private static final Pattern MONTH_FIRST =
      Pattern.compile("([A-Za-z]{3,9})\\.? +(\\d{1,2}),? +(\\d{4})" + TIME);
  private static final Pattern PLAIN = Pattern.compile("(\\d{4})(\\d{2})(\\d{2})");

  /** Orders that are tried: year first, day first, month first. */
  static final int ORDERS = 3;

  static final long NONE = Long.MIN_VALUE;

  /** More than the microseconds of a day. */
  private static final long DAY = 100_000_000_000L;

  private Dates() {}

  /** A number that grows with time for each order, {@link #NONE} where it is no date in it. */
  static long[] read(String field) {
    Matcher plain = PLAIN.matcher(field);
    if (plain.matches()) {
      return all(day(number(plain, 1), number(plain, 2), number(plain, 3)), plain);
    }
    Matcher numbers = NUMBERS.matcher(field);
    if (numbers.matches()) {
      int first = number(numbers, 1);
      int third = number(numbers, 3);
      if (!Character.isDigit(numbers.group(2).charAt(0))) {
        int month = month(numbers.group(2));
        return numbers.group(1).length() > 2
            ? all(day(first, month, third), numbers)
            : all(day(year(numbers.group(3)), month, first), numbers);
      }
      int second = number(numbers, 2);
      long[] result = {NONE, NONE, NONE};
      if (numbers.group(1).length() == 4) {
        result[0] = day(first, second, third);
      } else if (numbers.group(3).length() != 3) {
        int year = year(numbers.group(3));
        result[1] = day(year, second, first);
        result[2] = day(year, first, second);
      }
      return timed(result, numbers);
    }
    Matcher named = MONTH_FIRST.matcher(field);
    if (named.matches()) {
      return all(day(number(named, 3), month(named.group(1)), number(named, 2)), named);
    }
    return new long[] {NONE, NONE, NONE};
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }

  private static int year(String digits) {
    int year = Integer.parseInt(digits);
    return digits.length() > 2 ? year : year < 69 ? 2000 + year : 1900 + year;
  }

  private static int month(String name) {
    int at = MONTHS.indexOf(name.substring(0, 3).toLowerCase(Locale.ROOT));
    return at >= 0 && at % 3 == 0 ? at / 3 + 1 : 0;
  }

  private static long day(int year, int month, int day) {
    boolean valid = year >= 1000 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
    return valid ? (year * 12L + month) * 31 + day : NONE;
  }

  private static long[] all(long day, Matcher matcher) {
    return timed(new long[] {day, day, day}, matcher);
  }

  private static long[] timed(long[] days, Matcher matcher) {
    long micros = 0;
    int groups = matcher.groupCount();
    if (groups > 3 && matcher.group(4) != null) {
      int hour = number(matcher, 4);
      String half = matcher.group(8);
      if (half != null) {
        hour = hour % 12 + (half.toLowerCase(Locale.ROOT).startsWith("p") ? 12 : 0);
      }
      long seconds = hour * 3600L + number(matcher, 5) * 60L;
      seconds += matcher.group(6) == null ? 0 : number(matcher, 6);
      String fraction = matcher.group(7) == null ? "" : matcher.group(7);
      micros = seconds * 1_000_000L + Long.parseLong((fraction + "000000").substring(0, 6));
    }
    for (int order = 0; order < days.length; order++) {
      days[order] = days[order] == NONE ? NONE : days[order] * DAY + micros;
    }
    return days;
  }
}
