package dev.berth.operator.registry.model;

import dev.berth.operator.tls.CertificateFacts;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Service's own addresses, by which nodes reach it, for the cluster's names mean nothing to
 * them.
 *
 * @param all IPv4 and IPv6; empty while there is none
 * @param provided the certificate in use where the registry's own authority did not issue it
 */
public record ClusterAddresses(List<String> all, @Nullable CertificateFacts provided) {
  public static final ClusterAddresses UNKNOWN = new ClusterAddresses(List.of(), null);

  private static final String NO_ADDRESS = "None";

  /**
   * Those of the Service, or, while it is made anew, those that nodes were told.
   *
   * @param told to nodes before
   */
  public static List<String> of(@Nullable Service service, List<String> told) {
    if (service == null || service.getSpec().getClusterIP() == null) {
      return told;
    }
    List<String> all =
        service.getSpec().getClusterIPs().isEmpty()
            ? List.of(service.getSpec().getClusterIP())
            : List.copyOf(service.getSpec().getClusterIPs());
    return all.contains(NO_ADDRESS) ? List.of() : all;
  }

  /** Those that the certificate names. */
  List<String> certified() {
    if (provided == null) {
      return all;
    }
    List<String> missing = provided.missing(all);
    return all.stream().filter(address -> !missing.contains(address)).toList();
  }

  /** As an address stands in a URL (RFC 3986, section 3.2.2). */
  public static String bracketed(String address) {
    return address.indexOf(':') < 0 ? address : "[" + address + "]";
  }
}
