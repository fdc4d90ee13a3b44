package io.github.mixtura.codec;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.mixtura.data.DataFormatException;
import java.util.ArrayList;
import java.util.List;

/**
 * A value in a JSON document that knows its place, for messages such as {@code $.a[1].b}.
 *
 * @param source the document, for messages
 * @param path of the value
 * @param node the value
 */
public record Cursor(String source, String path, JsonNode node) {

  /**
   * The whole of a document.
   *
   * @param source where it is from
   * @param node the document
   * @return its cursor
   */
  public static Cursor root(String source, JsonNode node) {
    return new Cursor(source, "$", node);
  }

  /**
   * What to throw where the value is wrong.
   *
   * @param requirement such as {@code must be positive}
   * @return with source, path and value in its message
   */
  public DataFormatException wrong(String requirement) {
    String found = node.toString();
    String shown = found.length() > 60 ? found.substring(0, 57) + "..." : found;
    return new DataFormatException(source + ": " + path + " is " + shown + ", " + requirement);
  }

  /**
   * Whether a field is there and not null.
   *
   * @param name of the field
   * @return true if so
   */
  public boolean has(String name) {
    return node.hasNonNull(name);
  }

  /**
   * A field of an object.
   *
   * @param name of the field
   * @return its cursor
   * @throws DataFormatException if this is no object or has no such field
   */
  public Cursor get(String name) {
    if (!node.isObject()) {
      throw wrong("must be an object");
    }
    JsonNode child = node.get(name);
    if (child == null) {
      throw new DataFormatException(source + ": " + path + "." + name + " is missing");
    }
    return new Cursor(source, path + "." + name, child);
  }

  /**
   * The elements of an array.
   *
   * @return their cursors
   * @throws DataFormatException if this is no array
   */
  public List<Cursor> elements() {
    if (!node.isArray()) {
      throw wrong("must be an array");
    }
    List<Cursor> list = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      list.add(new Cursor(source, path + "[" + i + "]", node.get(i)));
    }
    return list;
  }

  /**
   * The elements of an array of a length.
   *
   * @param length of the array
   * @return their cursors
   * @throws DataFormatException if this is no such array
   */
  public List<Cursor> elements(int length) {
    List<Cursor> list = elements();
    if (list.size() != length) {
      throw wrong("must be an array of length " + length);
    }
    return list;
  }

  /**
   * A string.
   *
   * @return the text
   * @throws DataFormatException if this is none
   */
  public String text() {
    if (!node.isTextual()) {
      throw wrong("must be a string");
    }
    return node.textValue();
  }

  /**
   * A finite number.
   *
   * @return the number
   * @throws DataFormatException if this is none
   */
  public double number() {
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw wrong("must be a finite number");
    }
    return node.doubleValue();
  }

  /**
   * A number in a closed interval.
   *
   * @param least allowed
   * @param greatest allowed
   * @return the number
   * @throws DataFormatException if this is none
   */
  public double number(double least, double greatest) {
    double value = number();
    if (!(value >= least && value <= greatest)) {
      throw wrong("must be from " + least + " to " + greatest);
    }
    return value;
  }

  /**
   * A whole number from 1.
   *
   * @return the number
   * @throws DataFormatException if this is none
   */
  public int count() {
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 1) {
      throw wrong("must be a whole number from 1");
    }
    return node.intValue();
  }

  /**
   * An array of finite numbers.
   *
   * @param length of the array
   * @return the numbers
   * @throws DataFormatException if this is none
   */
  public double[] numbers(int length) {
    return elements(length).stream().mapToDouble(Cursor::number).toArray();
  }
}
