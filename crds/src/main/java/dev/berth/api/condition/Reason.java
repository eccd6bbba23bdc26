package dev.berth.api.condition;

/**
 * Why a condition is as it is: a closed set, each with what to do about it. The remedy is the end
 * of the condition's message; it is empty where there is nothing to do.
 */
public enum Reason {
  READY("Ready", ""),
  PENDING("Pending", ""),
  PROGRESSING("Progressing", ""),
  PAUSED("Paused", "Remove the annotation berth.dev/paused to let the operator go on."),
  NOT_YET_SUPPORTED(
      "NotYetSupported", "Remove it from the spec, or upgrade to a version of Berth that has it."),
  INVALID_SPEC("InvalidSpec", "Correct the spec."),
  NAME_TOO_LONG(
      "NameTooLong",
      "Use a name of at most 40 lower-case letters, digits and dashes that starts with a letter."),
  CONFLICT("Conflict", "Rename or remove one of the two."),
  APPLY_FAILED("ApplyFailed", "The operator tries again; its log has the details."),

  BOUND("Bound", ""),
  CLAIM_PENDING(
      "ClaimPending",
      "If it stays so, look at kubectl describe persistentvolumeclaim and at the storage class."),
  CLAIM_MISSING("ClaimMissing", "Create the claim, or name another one."),
  CLAIM_LOST("ClaimLost", "Its volume is gone; restore the volume or the claim from a backup."),

  SECRET_MISSING("SecretMissing", "Create the Secret, or name another one."),
  SECRET_INVALID("SecretInvalid", "Correct the content of the Secret."),
  ISSUED("Issued", ""),
  PROVIDED("Provided", ""),
  TLS_DISABLED("TlsDisabled", ""),
  CERTIFICATE_EXPIRED("CertificateExpired", "Put a certificate that is valid now into the Secret."),
  HOST_NOT_COVERED(
      "HostNotCovered",
      "Add the names to the certificate, or take them out of spec.externalHosts."),

  CONFIGURED("Configured", ""),
  NO_USERS(
      "NoUsers", "Name a Secret with the key htpasswd in spec.authentication.users.secretRef."),

  SERVICE_READY("ServiceReady", ""),
  LOAD_BALANCER_PENDING(
      "LoadBalancerPending",
      "If it stays so, the cluster has no load balancers: use NodePort, or ClusterIP and an ingress."),

  POD_PENDING("PodPending", "If it stays so, look at kubectl describe pod."),
  POD_FAILING("PodFailing", "Look at kubectl logs and kubectl describe of the pod."),

  ENFORCED("Enforced", ""),
  REPLICA_UNREACHABLE(
      "ReplicaUnreachable",
      "The operator tries again; check that it may reach port 5001 of the registry's pods."),
  POLICY_TOO_LARGE(
      "PolicyTooLarge",
      "Declare fewer or wider Repositories and AccessPolicies; the last policy that fitted stays in force."),

  ACCEPTED("Accepted", ""),
  REGISTRY_MISSING("RegistryMissing", "Create the Registry, or correct spec.registryRef."),
  NOT_ALLOWED("NotAllowed", "Ask the Registry's owner to extend spec.tenancy, or use other paths."),
  EXPIRED("Expired", "Set a later spec.expiresAt, or delete the AccessPolicy.");

  private final String value;
  private final String remedy;

  Reason(String value, String remedy) {
    this.value = value;
    this.remedy = remedy;
  }

  /** As it stands in {@code status.conditions[].reason}. */
  public String value() {
    return value;
  }

  /** What to do, as whole sentences; empty where there is nothing to do. */
  public String remedy() {
    return remedy;
  }
}
