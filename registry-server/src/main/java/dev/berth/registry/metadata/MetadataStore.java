package dev.berth.registry.metadata;

import dev.berth.registry.oci.RepositoryName;

/** Everything the registry knows of its content. What is written is durable on return. */
public interface MetadataStore extends RepositoryCatalog, AutoCloseable {

  /** The repository of this name, made where there is none. */
  Repository open(RepositoryName name);

  Blobs blobs();

  Uploads uploads();

  Manifests manifests();

  @Override
  void close();
}
