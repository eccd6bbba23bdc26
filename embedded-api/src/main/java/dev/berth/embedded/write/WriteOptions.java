package dev.berth.embedded.write;

/**
 * How a write was asked for.
 *
 * @param fieldManager who owns what the write sets
 * @param force whether server-side apply takes fields from their owners
 */
public record WriteOptions(
    boolean dryRun, String fieldManager, boolean force, FieldValidation validation) {
  /** What becomes of fields that the schema does not know. */
  public enum FieldValidation {
    /** They are dropped. */
    LENIENT,
    /** They are an error. */
    STRICT
  }
}
