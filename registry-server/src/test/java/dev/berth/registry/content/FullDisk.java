package dev.berth.registry.content;

import dev.berth.registry.blob.BlobStore;
import dev.berth.registry.blob.StagedBlob;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** A real store on a disk that has room for what lies there and nothing more, once it is full. */
final class FullDisk implements BlobStore {
  private final BlobStore store;
  private boolean full;

  FullDisk(BlobStore store) {
    this.store = store;
  }

  void fill() {
    full = true;
  }

  @Override
  public StagedBlob begin(String upload) throws IOException {
    return new Staged(store.begin(upload));
  }

  @Override
  public StagedBlob resume(String upload, LongSupplier length) throws IOException {
    return new Staged(store.resume(upload, length));
  }

  @Override
  public Path locate(Digest digest) {
    return store.locate(digest);
  }

  @Override
  public byte[] read(Digest digest) throws IOException {
    return store.read(digest);
  }

  @Override
  public void discard(String upload) throws IOException {
    store.discard(upload);
  }

  @Override
  public List<String> idleUploads(Instant since) throws IOException {
    return store.idleUploads(since);
  }

  @Override
  public Optional<Digest> published(String upload) throws IOException {
    return store.published(upload);
  }

  @Override
  public void delete(Digest digest) throws IOException {
    store.delete(digest);
  }

  private final class Staged implements StagedBlob {
    private final StagedBlob staged;

    Staged(StagedBlob staged) {
      this.staged = staged;
    }

    @Override
    public long append(InputStream body, long limit) throws IOException {
      long length = staged.append(body, limit);
      if (full) {
        throw new IOException("No space left on device");
      }
      return length;
    }

    @Override
    public byte[] read() throws IOException {
      return staged.read();
    }

    @Override
    public Digest digest(DigestAlgorithm algorithm) throws IOException {
      return staged.digest(algorithm);
    }

    @Override
    public void commit(Digest digest) throws IOException {
      staged.commit(digest);
    }

    @Override
    public void withdraw() throws IOException {
      staged.withdraw();
    }

    @Override
    public void leave() {
      staged.leave();
    }

    @Override
    public void discard() throws IOException {
      staged.discard();
    }

    @Override
    public void close() throws IOException {
      staged.close();
    }
  }
}
