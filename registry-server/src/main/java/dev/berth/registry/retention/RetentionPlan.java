package dev.berth.registry.retention;

import dev.berth.registry.oci.Digest;
import java.util.List;
import java.util.Set;

/**
 * What goes from one repository.
 *
 * @param victims tags in the order of their names, then manifests in that of their digests
 * @param leaving manifests that nothing holds once the victims are gone, the victims among them
 * @param tags how many there are, the victims included
 */
public record RetentionPlan(List<Victim> victims, Set<Digest> leaving, int tags) {

  public RetentionPlan {
    victims = List.copyOf(victims);
  }

  /** How many tags go. */
  public int expiringTags() {
    return (int) victims.stream().filter(victim -> victim.tag() != null).count();
  }
}
