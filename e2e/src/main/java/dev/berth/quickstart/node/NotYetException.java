package dev.berth.quickstart.node;

/** Something that a pod needs is not there; the message names it and the pod waits for it. */
final class NotYetException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NotYetException(String message) {
    super(message);
  }
}
