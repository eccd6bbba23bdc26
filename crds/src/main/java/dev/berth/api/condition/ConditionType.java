package dev.berth.api.condition;

/** The condition types of the three kinds, in the order in which status lists them. */
public enum ConditionType {
  READY(
      "Ready", "Does what it is for; the reason is that of the first thing that keeps it from it."),
  ACCEPTED("Accepted", "The Registry takes the Repository or AccessPolicy, in whole."),
  ENFORCED("Enforced", "Every replica decides by the AccessPolicy as it stands."),
  SECRETS_DISTRIBUTED(
      "SecretsDistributed",
      "Every chosen namespace has the AccessPolicy's pull secret; there only with `pullSecrets`."),
  RETENTION_APPLIED(
      "RetentionApplied",
      "The server deletes what the rules of `retention` name; there only with rules."),
  STORAGE_READY("StorageReady", "The Registry's claim has its volume."),
  CERTIFICATE_VALID("CertificateValid", "Clients see a certificate that they can verify."),
  AUTHENTICATION_READY("AuthenticationReady", "The sources of users can be used."),
  EXPOSED("Exposed", "Clients reach the Service."),
  POLICY_ENFORCED("PolicyEnforced", "Every replica decides by the newest policy document."),
  IMAGES_PROTECTED(
      "ImagesProtected",
      "What Pods run is neither collected nor expired; there only while so many images run that a "
          + "policy soon cannot name them all."),
  NODES_CONFIGURED(
      "NodesConfigured",
      "Every node can pull by the Registry's names; there only with `nodeAccess`."),
  ADVERTISED(
      "Advertised",
      "Tools learn from `kube-public` that the Registry is the cluster's own; there only with the annotation `berth.dev/local-registry-hosting`."),
  SUPPORTED(
      "Supported",
      "There only while it is False: the spec asks for what this version does not do."),
  PAUSED("Paused", "There only while an annotation keeps the operator from acting."),
  RECONCILING("Reconciling", "There only while work is going on (kstatus)."),
  STALLED(
      "Stalled", "There only while nothing goes on before somebody changes something (kstatus).");

  private final String value;
  private final String meaning;

  ConditionType(String value, String meaning) {
    this.value = value;
    this.meaning = meaning;
  }

  /** As it stands in {@code status.conditions[].type}. */
  public String value() {
    return value;
  }

  /** What it says when it is True. */
  public String meaning() {
    return meaning;
  }
}
