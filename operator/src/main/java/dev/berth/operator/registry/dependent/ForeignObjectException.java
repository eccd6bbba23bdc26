package dev.berth.operator.registry.dependent;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** An object of a child's name belongs to somebody else. It is not overwritten. */
public final class ForeignObjectException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String message;

  public ForeignObjectException(HasMetadata object) {
    super(null, null, false, false);
    this.message =
        "%s %s exists and is not this Registry's"
            .formatted(object.getKind(), object.getMetadata().getName());
  }

  @Override
  public String getMessage() {
    return message;
  }
}
