package dev.berth.operator.kubernetes;

import io.fabric8.kubernetes.api.model.SecurityContextBuilder;

/** What every container of the operator's gives up. */
public final class Restricted {
  private Restricted() {}

  /** To be added to: whose it runs as, and where it must touch what is not its own. */
  public static SecurityContextBuilder container() {
    return new SecurityContextBuilder()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities();
  }
}
