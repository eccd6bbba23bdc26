package dev.berth.operator.server;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a registry server stores, and what of it goes.
 *
 * @param collection null: the server does not say
 */
public record ServerSpace(ServerUsage usage, @Nullable ServerCollection collection) {

  /** Whether it says more than an answer before. */
  boolean isNews(@Nullable ServerSpace before) {
    return before == null
        || usage.isNews(before.usage())
        || !Objects.equals(collection, before.collection());
  }
}
