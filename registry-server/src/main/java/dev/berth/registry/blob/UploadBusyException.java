package dev.berth.registry.blob;

import java.io.IOException;

/** Another request has the upload open. */
public final class UploadBusyException extends IOException {
  private static final long serialVersionUID = 1L;

  public UploadBusyException(String upload) {
    super("upload " + upload + " is open");
  }
}
