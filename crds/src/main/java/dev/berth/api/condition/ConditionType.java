package dev.berth.api.condition;

/** The condition types of the three kinds, in the order in which status lists them. */
public enum ConditionType {
  /** Does what it is for; the reason is that of the first thing that keeps it from it. */
  READY("Ready"),
  /** A Repository or AccessPolicy counts, in whole. */
  ACCEPTED("Accepted"),
  /** Every replica decides by the AccessPolicy as it stands. */
  ENFORCED("Enforced"),
  STORAGE_READY("StorageReady"),
  CERTIFICATE_VALID("CertificateValid"),
  AUTHENTICATION_READY("AuthenticationReady"),
  EXPOSED("Exposed"),
  /** Every replica decides by the newest policy document. */
  POLICY_ENFORCED("PolicyEnforced"),
  /** False, and there only then, when the spec asks for what this version does not do. */
  SUPPORTED("Supported"),
  /** There only while an annotation keeps the operator from acting. */
  PAUSED("Paused"),
  /** kstatus: there only while work is going on. */
  RECONCILING("Reconciling"),
  /** kstatus: there only while nothing goes on before somebody changes something. */
  STALLED("Stalled");

  private final String value;

  ConditionType(String value) {
    this.value = value;
  }

  /** As it stands in {@code status.conditions[].type}. */
  public String value() {
    return value;
  }
}
