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
        : line + "not JSON: " + withoutSource(problem.getOriginalMessage());
  }

  /** The parser adds where a bracket was opened, in its own words. */
  private static String withoutSource(String message) {
    int source = message.indexOf(" (start marker");
    return source < 0 ? message : message.substring(0, source);
  }

  private static String what(JsonMappingException problem) {
    if (problem instanceof InvalidFormatException format && format.getTargetType().isEnum()) {
      return "'%s' is not one of %s".formatted(format.getValue(), words(format.getTargetType()));
    }
    if (problem instanceof ValueInstantiationException && problem.getCause() != null) {
      String missing = problem.getCause().getMessage();
      return missing == null ? "a list must not hold null" : missing + " is missing";
    }
    if (problem instanceof MismatchedInputException mismatch && problem.getPath().isEmpty()) {
      return mismatch.getTargetType() == null
          ? "the document ends too early"
          : "must be one object, and nothing else";
    }
    if (problem instanceof MismatchedInputException mismatch) {
      return "must be " + kind(mismatch.getTargetType());
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
    if (type == long.class) {
      return "a whole number";
    }
    if (type == boolean.class) {
      return "true or false";
    }
    return type.isRecord() && type != PathPattern.class ? "an object" : "text";
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
