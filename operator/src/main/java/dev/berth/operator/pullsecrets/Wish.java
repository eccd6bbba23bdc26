package dev.berth.operator.pullsecrets;

import dev.berth.operator.policy.PullCredentials;
import dev.berth.policy.PullSecrets;

/** What is to become of an AccessPolicy's copies. */
public sealed interface Wish {

  /** All of them go. */
  record None() implements Wish {}

  /** They stay as they are: the Registry has not said anything of this AccessPolicy yet. */
  record AsTheyAre() implements Wish {}

  /**
   * They are kept.
   *
   * @param entry what the newest document says of them
   * @param enforced whether every replica decides by it: only then a new copy is of any use
   */
  record Copies(PullSecrets entry, PullCredentials credentials, boolean enforced) implements Wish {}
}
