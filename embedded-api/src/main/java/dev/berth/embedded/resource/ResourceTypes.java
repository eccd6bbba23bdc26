package dev.berth.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** All kinds that are served: the built-in ones and those of the CustomResourceDefinitions. */
public final class ResourceTypes {
  private final List<ResourceType> types = new CopyOnWriteArrayList<>(builtIn());

  /** The type served at a path. */
  public Optional<ResourceType> find(String group, String version, String plural) {
    return types.stream()
        .filter(t -> t.is(group, plural) && t.version().equals(version))
        .findFirst();
  }

  /** Everything served. */
  public List<ResourceType> all() {
    return List.copyOf(types);
  }

  /** Serves what the definition declares, instead of what it declared before. */
  public void register(JsonNode definition) {
    List<ResourceType> declared = declaredBy(definition);
    unregister(definition);
    types.addAll(declared);
  }

  /** Serves the definition's kinds no more. */
  public void unregister(JsonNode definition) {
    String group = definition.path("spec").path("group").asText();
    String plural = definition.path("spec").path("names").path("plural").asText();
    types.removeIf(t -> t.crd() != null && t.is(group, plural));
  }

  private static List<ResourceType> declaredBy(JsonNode definition) {
    JsonNode spec = definition.path("spec");
    JsonNode names = spec.path("names");
    List<ResourceType> declared = new ArrayList<>();
    for (JsonNode version : spec.path("versions")) {
      if (!version.path("served").asBoolean()) {
        continue;
      }
      List<String> subresources = new ArrayList<>();
      version.path("subresources").fieldNames().forEachRemaining(subresources::add);
      String kind = names.path("kind").asText();
      declared.add(
          new ResourceType(
              spec.path("group").asText(),
              version.path("name").asText(),
              names.path("plural").asText(),
              names.path("singular").asText(kind.toLowerCase(Locale.ROOT)),
              kind,
              spec.path("scope").asText().equals("Namespaced"),
              texts(names.path("shortNames")),
              texts(names.path("categories")),
              subresources,
              true,
              version));
    }
    return declared;
  }

  private static List<ResourceType> builtIn() {
    try (InputStream in =
        Objects.requireNonNull(ResourceTypes.class.getResourceAsStream("built-in.yaml"))) {
      List<ResourceType> found = new ArrayList<>();
      JsonNode list = Json.readYaml(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      for (JsonNode type : list) {
        String kind = type.path("kind").asText();
        found.add(
            new ResourceType(
                type.path("group").asText(""),
                type.path("version").asText("v1"),
                type.path("plural").asText(),
                kind.toLowerCase(Locale.ROOT),
                kind,
                type.path("namespaced").asBoolean(true),
                texts(type.path("short")),
                texts(type.path("categories")),
                texts(type.path("subresources")),
                type.path("generation").asBoolean(false),
                null));
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return List.copyOf(texts);
  }
}
