package dev.berth.quickstart.node;

/** A pod specification that this node cannot run as it is; the message says what to change. */
final class InvalidSpecException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InvalidSpecException(String message) {
    super(message);
  }
}
