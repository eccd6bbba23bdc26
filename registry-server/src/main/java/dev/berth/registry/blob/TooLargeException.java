package dev.berth.registry.blob;

import java.io.IOException;

/** More came than may be stored. */
public final class TooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  public TooLargeException(long limit) {
    super("more than " + limit + " bytes");
  }
}
