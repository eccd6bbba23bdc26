package dev.berth.operator.registry.model;

import dev.berth.operator.tls.Authorities;
import dev.berth.operator.tls.KeyPairPem;
import dev.berth.operator.tls.ProvidedCertificate;
import dev.berth.operator.tls.RotationOrder;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How the keys Secret holds the authorities of a registry and the last order to rotate them. */
final class AuthorityKeys {
  static final String CERTIFICATE = "ca.crt";
  static final String KEY = "ca.key";
  static final String NEXT_CERTIFICATE = "next-ca.crt";
  static final String NEXT_KEY = "next-ca.key";
  static final String PREVIOUS_CERTIFICATE = "previous-ca.crt";
  private static final String SINCE = "ca.phase-since";
  private static final String ORDER = "rotation.order";
  private static final String REPLACES = "rotation.replaces";

  private AuthorityKeys() {}

  /**
   * What the kept parts come to; the next authority stands in for one that is lost.
   *
   * @param signing null: lost
   */
  static @Nullable Authorities read(
      @Nullable KeyPairPem signing,
      @Nullable KeyPairPem next,
      UnaryOperator<@Nullable String> kept) {
    if (signing == null) {
      return next == null ? null : new Authorities.Stable(next);
    }
    Instant since = instant(kept.apply(SINCE));
    if (next != null) {
      return new Authorities.Announced(signing, next, since);
    }
    String previous = kept.apply(PREVIOUS_CERTIFICATE);
    return previous != null && ProvidedCertificate.isBundle(previous)
        // Of an unknown time, the period begins anew.
        ? new Authorities.Switched(signing, previous, since == null ? Instant.MAX : since)
        : new Authorities.Stable(signing);
  }

  static @Nullable RotationOrder order(UnaryOperator<@Nullable String> kept) {
    String value = kept.apply(ORDER);
    return value == null ? null : new RotationOrder(value, kept.apply(REPLACES));
  }

  static void write(Authorities authorities, Map<String, String> data) {
    data.put(CERTIFICATE, authorities.signing().certificate());
    data.put(KEY, authorities.signing().key());
    switch (authorities) {
      case Authorities.Stable stable -> {}
      case Authorities.Announced announced -> {
        data.put(NEXT_CERTIFICATE, announced.next().certificate());
        data.put(NEXT_KEY, announced.next().key());
        if (announced.since() != null) {
          data.put(SINCE, announced.since().toString());
        }
      }
      case Authorities.Switched switched -> {
        data.put(PREVIOUS_CERTIFICATE, switched.previous());
        data.put(SINCE, switched.since().toString());
      }
    }
  }

  static void write(@Nullable RotationOrder order, Map<String, String> data) {
    if (order != null) {
      data.put(ORDER, order.value());
      if (order.replaces() != null) {
        data.put(REPLACES, order.replaces());
      }
    }
  }

  private static @Nullable Instant instant(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
