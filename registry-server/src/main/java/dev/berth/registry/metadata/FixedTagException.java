package dev.berth.registry.metadata;

import dev.berth.registry.oci.Tag;

/** A tag would have moved or gone that must not; nothing was changed. */
public final class FixedTagException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Tag tag;

  public FixedTagException(Tag tag) {
    // An expected answer: nobody reads the stack.
    super(tag.value(), null, false, false);
    this.tag = tag;
  }

  public Tag tag() {
    return tag;
  }
}
