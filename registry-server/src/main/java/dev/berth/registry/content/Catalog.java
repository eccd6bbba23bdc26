package dev.berth.registry.content;

import dev.berth.registry.auth.Pullable;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.oci.RepositoryName;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The repositories of the registry, as far as a caller may know of them. */
@Singleton
public final class Catalog {
  /** Names that are read at once; of those that are not shown, few are read. */
  private static final int BATCH = 100;

  private final MetadataStore metadata;

  Catalog(MetadataStore metadata) {
    this.metadata = metadata;
  }

  /**
   * A page of names in ascending order of their characters' codes.
   *
   * @param after the name before the first one wanted, whether it exists or not
   */
  public List<String> page(Pullable pullable, @Nullable String after, int limit) {
    return page(pullable, "", after, limit);
  }

  /**
   * Names that have a text in them, in the same order, but first of all the one that is the text:
   * it must not be cut off by others.
   */
  public List<String> search(Pullable pullable, String text, int limit) {
    if (!RepositoryName.mayHold(text) || limit < 1) {
      return List.of();
    }
    List<String> found = page(pullable, text, null, limit);
    if (pullable.includes(text) && metadata.names("", text, true, 1).contains(text)) {
      found.remove(text);
      found.addFirst(text);
    }
    return found.subList(0, Math.min(limit, found.size()));
  }

  private List<String> page(Pullable pullable, String text, @Nullable String after, int limit) {
    List<String> page = new ArrayList<>();
    int batch = Math.max(limit, BATCH);
    Optional<Pullable.Start> next = pullable.after(after == null ? "" : after);
    while (next.isPresent() && page.size() < limit) {
      List<String> names = metadata.names(text, next.get().name(), next.get().itself(), batch);
      names.stream().filter(pullable::includes).limit(limit - page.size()).forEach(page::add);
      next = names.size() < batch ? Optional.empty() : pullable.after(names.getLast());
    }
    return page;
  }
}
