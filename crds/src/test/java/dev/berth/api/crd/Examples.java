package dev.berth.api.crd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.repository.Repository;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Objects of the three kinds, which together use every field. */
final class Examples {

  static final List<String> ALL =
      List.of(
          "registry",
          "registry-s3",
          "registry-adopting",
          "registry-plain",
          "registry-smallest",
          "repository",
          "accesspolicy",
          "accesspolicy-list");

  private Examples() {}

  static ObjectNode read(String name) {
    try (InputStream in = Examples.class.getResourceAsStream(name + ".yaml")) {
      return (ObjectNode) CrdFiles.YAML.readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException("no example " + name, e);
    }
  }

  static Class<? extends CustomResource<?, ?>> kind(ObjectNode object) {
    return switch (object.get("kind").asText()) {
      case "Registry" -> Registry.class;
      case "Repository" -> Repository.class;
      case "AccessPolicy" -> AccessPolicy.class;
      default -> throw new IllegalArgumentException("no kind of Berth: " + object.get("kind"));
    };
  }
}
