package dev.berth.registry.eventloop;

/** The answer takes more than an event loop may do. Nothing was changed. */
public final class MustLeaveException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MustLeaveException() {
    super("this takes more than an event loop may do", null, false, false);
  }
}
