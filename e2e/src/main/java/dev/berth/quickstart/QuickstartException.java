package dev.berth.quickstart;

/** The quickstart cannot go on; the message says what to do. */
public final class QuickstartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With words for the person at the terminal. */
  public QuickstartException(String message) {
    super(message);
  }

  /** With words for the person at the terminal, and what lies beneath. */
  public QuickstartException(String message, Throwable cause) {
    super(message, cause);
  }
}
