package dev.berth.operator.podimages;

import java.util.Set;

/**
 * A digest that a container runs, or will.
 *
 * @param hosts that the Pod names with it; empty: none, and it may come from anywhere
 */
public record RunningImage(String digest, Set<String> hosts) {
  public RunningImage {
    hosts = Set.copyOf(hosts);
  }
}
