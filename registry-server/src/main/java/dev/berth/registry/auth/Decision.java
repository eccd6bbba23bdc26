package dev.berth.registry.auth;

/** What the policy says to one action of one caller on one repository. */
public sealed interface Decision {

  /**
   * It may be done.
   *
   * @param reason the AccessPolicy or public Repository that says so
   */
  record Allowed(String reason) implements Decision {}

  /**
   * It may not be done.
   *
   * @param message what was lacking and whom to ask; says nothing about what exists
   */
  record Refused(String message) implements Decision {}

  default boolean isAllowed() {
    return this instanceof Allowed;
  }
}
