package dev.berth.api.crd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/** Descriptions and required fields of the Kubernetes types that the model uses as they are. */
final class ForeignTypes {

  private static final Map<String, String> DESCRIPTIONS =
      Map.ofEntries(
          Map.entry("matchLabels", "Labels that must all be there, with these values."),
          Map.entry("matchExpressions", "Conditions on labels that must all hold."),
          Map.entry("operator", "How key and values are compared."),
          Map.entry("values", "Values that the operators In and NotIn compare with."),
          Map.entry("value", "Value of the taint, with operator: Equal."),
          Map.entry("effect", "Effect of the taint. Default: every effect."),
          Map.entry(
              "tolerationSeconds",
              "How long a taint of effect NoExecute is tolerated, in seconds. Default: for ever."),
          Map.entry("ipBlock", "A range of IP addresses."),
          Map.entry("cidr", "The range, for example 10.0.0.0/8."),
          Map.entry("except", "Ranges within cidr that are left out."),
          Map.entry("namespaceSelector", "Namespaces, by their labels."),
          Map.entry("podSelector", "Pods, by their labels."));

  private static final Map<String, Set<String>> REQUIRED =
      Map.of("matchExpressions", Set.of("key", "operator"), "ipBlock", Set.of("cidr"));

  private ForeignTypes() {}

  static void describe(ObjectNode schema) {
    ObjectNode properties = (ObjectNode) schema.get("properties");
    boolean toleration = properties.has("effect");
    if (properties.has("matchLabels")) {
      schema.put("x-kubernetes-map-type", "atomic");
    }
    properties
        .properties()
        .forEach(
            entry -> {
              String name = entry.getKey();
              ObjectNode property = (ObjectNode) entry.getValue();
              property.put("description", description(name, toleration));
              ObjectNode inner =
                  property.has("items") ? (ObjectNode) property.get("items") : property;
              if (inner.has("properties")) {
                describe(inner);
              }
              if (REQUIRED.containsKey(name)) {
                REQUIRED.get(name).stream().sorted().forEach(inner.withArray("required")::add);
              }
            });
  }

  private static String description(String name, boolean toleration) {
    if (name.equals("key")) {
      return toleration ? "Key of the taint. Default: every key." : "Key of the label.";
    }
    String description = DESCRIPTIONS.get(name);
    if (description == null) {
      throw new IllegalStateException("describe the field " + name + " in ForeignTypes");
    }
    return description;
  }
}
