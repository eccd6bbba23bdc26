package dev.berth.registry.metadata;

/** The database is of another version, and was not to be changed. */
public final class SchemaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SchemaException(String message) {
    super(message);
  }
}
