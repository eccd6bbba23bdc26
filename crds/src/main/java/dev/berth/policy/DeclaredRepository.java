package dev.berth.policy;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * An accepted Repository. Where several match a path, the exact one counts, else the one with the
 * longest prefix.
 *
 * @param name {@code namespace/name} of the Repository object, for messages
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DeclaredRepository(String name, PathPattern path, Visibility visibility) {

  public DeclaredRepository {
    requireNonNull(name, "name");
    requireNonNull(path, "path");
    requireNonNull(visibility, "visibility");
  }
}
