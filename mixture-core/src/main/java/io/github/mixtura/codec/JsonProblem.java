package io.github.mixtura.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;

/** Says what is wrong with a JSON text, without the names that the parser has for its own parts. */
final class JsonProblem {
  private JsonProblem() {}

  static String of(JsonProcessingException e) {
    String message = e.getOriginalMessage();
    if (e instanceof StreamConstraintsException) {
      return "nested too deeply, or a number or a name is too long";
    }
    if (message.startsWith("Trailing token")) {
      return "something follows after its end, where nothing may be";
    }
    if (message.startsWith("Duplicate field")) {
      return "a field occurs twice in an object";
    }
    if (message.contains("JsonReadFeature")) {
      return "must be a finite number as JSON writes them, without NaN, Infinity or a leading +";
    }
    if (e instanceof JsonMappingException) {
      return "must be one JSON object";
    }
    return message.replaceAll("(?s)\\s*\\([^()]*\\[Source:.*", "");
  }
}
