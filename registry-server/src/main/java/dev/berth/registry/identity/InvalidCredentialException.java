package dev.berth.registry.identity;

/** A credential that proves nothing. The message does not quote it. */
public final class InvalidCredentialException extends Exception {
  private static final long serialVersionUID = 1L;

  public InvalidCredentialException(String message) {
    // An expected answer: the stack would cost more than the refusal.
    super(message, null, false, false);
  }

  /** The same for a name that nobody has, so that names cannot be found out. */
  static InvalidCredentialException wrongPassword() {
    return new InvalidCredentialException("the user name or the password is wrong");
  }
}
