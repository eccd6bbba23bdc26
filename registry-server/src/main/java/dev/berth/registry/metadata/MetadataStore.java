package dev.berth.registry.metadata;

import dev.berth.registry.oci.RepositoryName;
import java.util.List;
import java.util.stream.Stream;

/** Everything the registry knows of its content. What is written is durable on return. */
public interface MetadataStore extends RepositoryCatalog, AutoCloseable {

  /** The repository of this name, made where there is none. */
  Repository open(RepositoryName name);

  /**
   * Names of repositories, ascending by their characters' codes.
   *
   * @param text what each of them has anywhere in it, without capitals; empty: all of them
   * @param from where to begin
   * @param itself whether a repository of that very name is wanted as well
   */
  List<String> names(String text, String from, boolean itself, int limit);

  /** All names that begin so, a page at a time: the next is read when the one before is through. */
  default Stream<String> beginningWith(String start) {
    int page = 100;
    return Stream.iterate(
            names("", start, true, page),
            names -> !names.isEmpty(),
            names -> names("", names.getLast(), false, page))
        .flatMap(List::stream)
        .takeWhile(name -> name.startsWith(start));
  }

  Blobs blobs();

  Uploads uploads();

  Manifests manifests();

  /**
   * Removes a repository with all that it holds; it can be restored for a while.
   *
   * @return false where there is none
   */
  boolean delete(RepositoryName name);

  Collection collection();

  /** Bytes of the whole registry, each content counted once. */
  long storedBytes();

  /** Bytes that repositories hold which count together. */
  long heldBytes(Room.Held repositories);

  Removed removed();

  Accounts accounts();

  Inspection inspection();

  /** For a process that has the database for itself: what others remember is not told. */
  Mending mending();

  Adoption adoption();

  Expiry expiry();

  Holdings holdings();

  @Override
  void close();
}
