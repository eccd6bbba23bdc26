package dev.berth.operator.tls;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The authorities of a registry in one phase of their rotation: all that the next decision is made
 * of, so that it is kept where keys are and outlives the operator.
 */
public sealed interface Authorities {

  /** The one that signs the server's certificate. */
  KeyPairPem signing();

  /** PEM of every authority that clients need to trust now, the older one first. */
  String bundle();

  /** One authority signs, and it alone is trusted. */
  record Stable(KeyPairPem signing) implements Authorities {
    @Override
    public String bundle() {
      return signing.certificate();
    }

    @Override
    public String toString() {
      return "Stable[]";
    }
  }

  /**
   * The next authority is there to be trusted, and signs nothing.
   *
   * @param since when the bundle with it was seen to be published; null: not yet
   */
  record Announced(KeyPairPem signing, KeyPairPem next, @Nullable Instant since)
      implements Authorities {
    @Override
    public String bundle() {
      return joined(signing.certificate(), next.certificate());
    }

    @Override
    public String toString() {
      return "Announced[since=%s]".formatted(since);
    }
  }

  /**
   * The new authority signs; the certificate of the one before stays trusted.
   *
   * @param previous PEM of the authority before, whose key is forgotten
   * @param since when the new one began to sign
   */
  record Switched(KeyPairPem signing, String previous, Instant since) implements Authorities {
    @Override
    public String bundle() {
      return joined(previous, signing.certificate());
    }

    @Override
    public String toString() {
      return "Switched[since=%s]".formatted(since);
    }
  }

  private static String joined(String first, String second) {
    return first.endsWith("\n") ? first + second : first + "\n" + second;
  }
}
