package dev.berth.policy;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;

/** What is wrong with a document, in the words of who wrote it: which field, which line. */
final class PolicyMistake {
  private PolicyMistake() {}

  static String of(JsonProcessingException problem) {
    JsonLocation where = problem.getLocation();
    String line = where == null || where.getLineNr() < 1 ? "" : "line " + where.getLineNr() + ": ";
    return problem instanceof JsonMappingException inside
        ? line + field(inside) + what(inside)
        : line + "not JSON: " + problem.getOriginalMessage();
  }

  private static String what(JsonMappingException problem) {
    if (problem instanceof InvalidFormatException format && format.getTargetType().isEnum()) {
      return "'%s' is not one of %s".formatted(format.getValue(), words(format.getTargetType()));
    }
    if (problem instanceof ValueInstantiationException && problem.getCause() != null) {
      return problem.getCause().getMessage() + " is missing";
    }
    if (problem instanceof MismatchedInputException mismatch) {
      return mismatch.getTargetType() == null
          ? "the document ends too early"
          : "must be " + kind(mismatch.getTargetType());
    }
    return problem.getOriginalMessage();
  }

  /** As they are written in a document, which is how the API's users know them. */
  private static String words(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(word -> PolicyDocumentFormat.JSON.convertValue(word, String.class))
        .collect(Collectors.joining(", "));
  }

  private static String kind(Class<?> type) {
    if (Collection.class.isAssignableFrom(type)) {
      return "a list";
    }
    return type == long.class || type == Long.class
        ? "a whole number"
        : type == boolean.class || type == Boolean.class
            ? "true or false"
            : type.isRecord() && type != PathPattern.class ? "an object" : "text";
  }

  private static String field(JsonMappingException problem) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : problem.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.isEmpty() ? "" : path.append(": ").toString();
  }
}
