package dev.berth.registry.auth;

import dev.berth.policy.Action;
import dev.berth.registry.oci.RepositoryName;

/** What was decided of a request, for whoever keeps a record. */
public record Decided(RepositoryName repository, Action action, Decision decision) {

  /** The request attribute that holds it. */
  public static final String ATTRIBUTE = "berth.decided";

  /** The request attribute that holds the name that somebody came with, right or wrong. */
  public static final String CLAIMED_NAME = "berth.claimed-name";
}
