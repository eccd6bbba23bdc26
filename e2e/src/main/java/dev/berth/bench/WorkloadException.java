package dev.berth.bench;

import java.io.IOException;

/** A workload that a registry did not serve as the specification wants. */
final class WorkloadException extends IOException {

  private static final long serialVersionUID = 1L;

  WorkloadException(String message, IOException cause) {
    super(message, cause);
  }
}
