package dev.berth.operator;

import io.micronaut.runtime.Micronaut;

/** Starts the operator. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    // Guessing where it runs asks metadata services of clouds, and changes nothing here.
    Micronaut.build(args).mainClass(Main.class).deduceEnvironment(false).banner(false).start();
  }
}
