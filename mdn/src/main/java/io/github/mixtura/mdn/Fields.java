package io.github.mixtura.mdn;

import io.github.mixtura.data.DataFormatException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Reads the values of a saved network, naming the place of what is wrong. */
record Fields(String source, Map<?, ?> map) {

  DataFormatException wrong(String name, String requirement) {
    String found =
        map.get(name) instanceof double[] array
            ? Arrays.toString(Arrays.copyOf(array, Math.min(array.length, 20)))
            : String.valueOf(map.get(name));
    String shown = found.length() > 60 ? found.substring(0, 57) + "..." : found;
    return new DataFormatException(source + ": " + name + " is " + shown + ", " + requirement);
  }

  private Object value(String name) {
    Object value = map.get(name);
    if (value == null) {
      throw new DataFormatException(source + ": " + name + " is missing");
    }
    return value;
  }

  String text(String name) {
    if (value(name) instanceof String text) {
      return text;
    }
    throw wrong(name, "must be a string");
  }

  boolean flag(String name) {
    if (value(name) instanceof Boolean flag) {
      return flag;
    }
    throw wrong(name, "must be true or false");
  }

  double number(String name) {
    if (value(name) instanceof Number number && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    throw wrong(name, "must be a finite number");
  }

  int count(String name) {
    double value = number(name);
    if (value < 1 || value > 1e9 || value != Math.rint(value)) {
      throw wrong(name, "must be a whole number from 1");
    }
    return (int) value;
  }

  <E extends Enum<E>> E choice(String name, Class<E> type) {
    String text = text(name);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(text)) {
        return constant;
      }
    }
    throw wrong(name, "must be one of " + Arrays.toString(type.getEnumConstants()));
  }

  Fields object(String name) {
    if (value(name) instanceof Map<?, ?> inner) {
      return new Fields(source + ": " + name, inner);
    }
    throw wrong(name, "must be an object");
  }

  int[] counts(String name) {
    double[] values = numbers(name);
    int[] counts = new int[values.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = (int) values[i];
      if (counts[i] != values[i]) {
        throw wrong(name, "must hold whole numbers");
      }
    }
    return counts;
  }

  double[] numbers(String name) {
    Object value = value(name);
    if (value instanceof double[] array) {
      for (int i = 0; i < array.length; i++) {
        requireFinite(name, array[i], i);
      }
      return array.clone();
    }
    if (!(value instanceof List<?> list)) {
      throw wrong(name, "must be an array of numbers");
    }
    double[] numbers = new double[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = list.get(i) instanceof Number number ? number.doubleValue() : Double.NaN;
      requireFinite(name, numbers[i], i);
    }
    return numbers;
  }

  private void requireFinite(String name, double value, int index) {
    if (!Double.isFinite(value)) {
      throw wrong(name, "must hold finite numbers only, which entry " + (index + 1) + " is not");
    }
  }

  double[] numbers(String name, long length) {
    double[] numbers = numbers(name);
    if (numbers.length != length) {
      throw new DataFormatException(
          source + ": " + name + " has " + numbers.length + " values, must have " + length);
    }
    return numbers;
  }
}
