package dev.berth.registry.blob;

import java.io.IOException;

/** Bytes of an upload that were acknowledged are gone, as after a power cut. */
public final class UploadLostException extends IOException {
  private static final long serialVersionUID = 1L;

  public UploadLostException(String upload) {
    super("upload " + upload + " has lost bytes");
  }
}
