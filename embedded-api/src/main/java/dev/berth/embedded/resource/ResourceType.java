package dev.berth.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One served version of one kind.
 *
 * @param tracksGeneration whether a change of the desired state raises metadata.generation
 * @param crd the version's entry in its CustomResourceDefinition, null for built-in kinds
 */
public record ResourceType(
    String group,
    String version,
    String plural,
    String singular,
    String kind,
    boolean namespaced,
    List<String> shortNames,
    List<String> categories,
    List<String> subresources,
    boolean tracksGeneration,
    @Nullable JsonNode crd) {

  /** As objects of this kind write it. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** As error messages name it: {@code deployments.apps}. */
  public String qualifiedPlural() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  /** Whether the main endpoint ignores status. */
  public boolean hasStatus() {
    return subresources.contains("status");
  }

  /** How its fields are merged and owned. */
  public FieldSchema fields() {
    return crd == null
        ? BuiltInSchema.root(kind)
        : StructuralSchema.root(crd.path("schema").path("openAPIV3Schema"));
  }

  /** Whether it is a resource of the core or another built-in group with that plural. */
  public boolean is(String otherGroup, String otherPlural) {
    return group.equals(otherGroup) && plural.equals(otherPlural);
  }
}
