package dev.berth.registry.blob;

import java.io.IOException;

/** The client's body broke off; the storage is not to blame. */
public final class BodyException extends IOException {
  private static final long serialVersionUID = 1L;

  public BodyException(IOException cause) {
    super("the body broke off", cause);
  }
}
