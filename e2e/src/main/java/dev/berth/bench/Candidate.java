package dev.berth.bench;

/** A registry that can be measured. */
interface Candidate {

  String name();

  /** As it states it, "" where it does not. */
  String version();

  /** Gets it to serve; each time with nothing in it, where the benchmark starts it. */
  RunningRegistry start() throws InterruptedException;
}
