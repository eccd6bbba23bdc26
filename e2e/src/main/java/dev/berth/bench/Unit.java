package dev.berth.bench;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a rate counts, and what the server's CPU time is divided by. */
enum Unit {
  MIB("MiB"),
  IMAGE("image"),
  REQUEST("request");

  private final String word;

  Unit(String word) {
    this.word = word;
  }

  @JsonValue
  @Override
  public String toString() {
    return word;
  }
}
