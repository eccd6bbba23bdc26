package dev.berth.bench;

import org.jspecify.annotations.Nullable;

/** A registry that serves, until it is closed if the benchmark started it. */
interface RunningRegistry extends AutoCloseable {

  Endpoint endpoint();

  /** What tells its CPU time and memory, null where its process is not known. */
  @Nullable ServerProbe probe();

  /** Why it serves no longer, null while it does as far as is known. */
  @Nullable String failure();

  @Override
  void close();
}
