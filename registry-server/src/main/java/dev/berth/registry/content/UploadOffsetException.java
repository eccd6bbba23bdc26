package dev.berth.registry.content;

/** A chunk does not follow what its session holds; the session lives on. */
public final class UploadOffsetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Upload upload;

  UploadOffsetException(Upload upload) {
    super("the next byte is " + upload.received(), null, false, false);
    this.upload = upload;
  }

  public Upload upload() {
    return upload;
  }
}
