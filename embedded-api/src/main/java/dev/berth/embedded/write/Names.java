package dev.berth.embedded.write;

import dev.berth.embedded.resource.ResourceType;
import dev.berth.embedded.write.StatusException.Cause;
import java.security.SecureRandom;
import java.util.List;
import java.util.regex.Pattern;

/** What an object may be called. */
final class Names {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern SERVICE = Pattern.compile("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern PATH_SEGMENT = Pattern.compile("(?!\\.{1,2}$)[^/%]+");
  private static final String SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";
  private static final SecureRandom RANDOM = new SecureRandom();

  private Names() {}

  static String generated(String prefix) {
    StringBuilder name = new StringBuilder(prefix);
    for (int i = 0; i < 5; i++) {
      name.append(SUFFIX_LETTERS.charAt(RANDOM.nextInt(SUFFIX_LETTERS.length())));
    }
    return name.toString();
  }

  static void check(ResourceType type, String name) {
    if (name.isEmpty()) {
      throw StatusException.invalid(
          type,
          name,
          List.of(
              new Cause(
                  "FieldValueRequired",
                  "metadata.name",
                  "Required value: name or generateName is required")));
    }
    String rule;
    Pattern pattern;
    if (type.is("", "namespaces")) {
      pattern = LABEL;
      rule = "a lowercase RFC 1123 label: letters, digits and '-', at most 63 characters";
    } else if (type.is("", "services")) {
      pattern = SERVICE;
      rule = "a DNS-1035 label: letters, digits and '-', starting with a letter";
    } else if (type.group().equals("rbac.authorization.k8s.io")) {
      pattern = PATH_SEGMENT;
      rule = "a path segment: not '.' or '..', without '/' and '%'";
    } else {
      pattern = SUBDOMAIN;
      rule = "a lowercase RFC 1123 subdomain: letters, digits, '-' and '.'";
    }
    if (name.length() > 253 || !pattern.matcher(name).matches()) {
      throw StatusException.invalid(
          type,
          name,
          List.of(
              new Cause(
                  "FieldValueInvalid",
                  "metadata.name",
                  "Invalid value: \"" + name + "\": must be " + rule)));
    }
  }
}
