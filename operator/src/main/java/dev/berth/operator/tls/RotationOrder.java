package dev.berth.operator.tls;

import org.jspecify.annotations.Nullable;

/**
 * The last order to rotate that was taken, kept so that each is carried out once.
 *
 * @param value of the user's annotation
 * @param replaces fingerprint of the certificate that may not stay; null: there was none
 */
public record RotationOrder(String value, @Nullable String replaces) {}
