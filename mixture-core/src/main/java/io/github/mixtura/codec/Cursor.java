package io.github.mixtura.codec;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.mixtura.data.DataFormatException;
import java.util.ArrayList;
import java.util.List;

/** A value in a JSON document that knows its place, for messages such as {@code $.a[1].b}. */
record Cursor(String source, String path, JsonNode node) {

  static Cursor root(String source, JsonNode node) {
    return new Cursor(source, "$", node);
  }

  DataFormatException wrong(String requirement) {
    String found = node.toString();
    String shown = found.length() > 60 ? found.substring(0, 57) + "..." : found;
    return new DataFormatException(source + ": " + path + " is " + shown + ", " + requirement);
  }

  boolean has(String name) {
    return node.hasNonNull(name);
  }

  Cursor get(String name) {
    if (!node.isObject()) {
      throw wrong("must be an object");
    }
    JsonNode child = node.get(name);
    if (child == null) {
      throw new DataFormatException(source + ": " + path + "." + name + " is missing");
    }
    return new Cursor(source, path + "." + name, child);
  }

  List<Cursor> elements() {
    if (!node.isArray()) {
      throw wrong("must be an array");
    }
    List<Cursor> list = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      list.add(new Cursor(source, path + "[" + i + "]", node.get(i)));
    }
    return list;
  }

  List<Cursor> elements(int length) {
    List<Cursor> list = elements();
    if (list.size() != length) {
      throw wrong("must be an array of length " + length);
    }
    return list;
  }

  String text() {
    if (!node.isTextual()) {
      throw wrong("must be a string");
    }
    return node.textValue();
  }

  double number() {
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw wrong("must be a finite number");
    }
    return node.doubleValue();
  }

  /** A number in a closed interval. */
  double number(double least, double greatest) {
    double value = number();
    if (!(value >= least && value <= greatest)) {
      throw wrong("must be from " + least + " to " + greatest);
    }
    return value;
  }

  int count() {
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 1) {
      throw wrong("must be a whole number from 1");
    }
    return node.intValue();
  }

  double[] numbers(int length) {
    return elements(length).stream().mapToDouble(Cursor::number).toArray();
  }
}
