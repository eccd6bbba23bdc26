package dev.berth.bench;

import org.jspecify.annotations.Nullable;

/** A registry that runs already, and goes on when it was measured. */
record GivenRegistry(Endpoint endpoint, @Nullable ServerProbe probe)
    implements Candidate, RunningRegistry {

  @Override
  public String name() {
    return endpoint.authority();
  }

  @Override
  public String version() {
    return "";
  }

  @Override
  public RunningRegistry start() {
    return this;
  }

  @Override
  public @Nullable String failure() {
    return null;
  }

  @Override
  public void close() {
    // It is somebody else's.
  }
}
