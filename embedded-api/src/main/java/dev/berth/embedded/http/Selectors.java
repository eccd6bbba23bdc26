package dev.berth.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.embedded.write.StatusException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Label and field selectors as predicates. */
final class Selectors {
  private static final Pattern SET =
      Pattern.compile("(\\S+)\\s+(in|notin)\\s*\\(([^)]*)\\)", Pattern.CASE_INSENSITIVE);
  private static final Pattern EQUALITY = Pattern.compile("([^=!\\s]+)\\s*(==|!=|=)\\s*(\\S*)");
  private static final Pattern EXISTS = Pattern.compile("(!?)\\s*([A-Za-z0-9][A-Za-z0-9._/-]*)");

  private Selectors() {}

  static Predicate<JsonNode> of(Optional<String> labels, Optional<String> fields) {
    return labels
        .map(Selectors::labels)
        .orElse(object -> true)
        .and(fields.map(Selectors::fields).orElse(object -> true));
  }

  static Predicate<JsonNode> labels(String selector) {
    Predicate<JsonNode> all = object -> true;
    for (String requirement : requirements(selector)) {
      all = all.and(label(requirement));
    }
    return all;
  }

  static Predicate<JsonNode> fields(String selector) {
    Predicate<JsonNode> all = object -> true;
    for (String requirement : requirements(selector)) {
      Matcher m = EQUALITY.matcher(requirement);
      if (!m.matches()) {
        throw StatusException.badRequest("unable to parse field selector \"" + selector + "\"");
      }
      boolean equal = !m.group(2).equals("!=");
      String pointer = "/" + m.group(1).replace('.', '/');
      String value = m.group(3);
      all = all.and(object -> object.at(pointer).asText("").equals(value) == equal);
    }
    return all;
  }

  private static Predicate<JsonNode> label(String requirement) {
    Matcher set = SET.matcher(requirement);
    if (set.matches()) {
      Set<String> values =
          Arrays.stream(set.group(3).split(",", -1)).map(String::strip).collect(Collectors.toSet());
      boolean in = set.group(2).equalsIgnoreCase("in");
      return object -> {
        String value = valueOf(object, set.group(1));
        return in ? value != null && values.contains(value) : !values.contains(value);
      };
    }
    Matcher equality = EQUALITY.matcher(requirement);
    if (equality.matches()) {
      boolean equal = !equality.group(2).equals("!=");
      return object -> equality.group(3).equals(valueOf(object, equality.group(1))) == equal;
    }
    Matcher exists = EXISTS.matcher(requirement);
    if (exists.matches()) {
      boolean wanted = exists.group(1).isEmpty();
      return object -> (valueOf(object, exists.group(2)) != null) == wanted;
    }
    throw StatusException.badRequest("unable to parse requirement: " + requirement);
  }

  private static @Nullable String valueOf(JsonNode object, String label) {
    JsonNode value = object.path("metadata").path("labels").get(label);
    return value == null ? null : value.asText();
  }

  /** Splits at the commas outside parentheses. */
  private static List<String> requirements(String selector) {
    List<String> parts = new ArrayList<>();
    for (String part : selector.split(",(?![^(]*\\))", -1)) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      }
    }
    return parts;
  }
}
