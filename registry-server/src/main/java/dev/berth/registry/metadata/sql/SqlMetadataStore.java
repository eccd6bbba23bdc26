package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.Accounts;
import dev.berth.registry.metadata.Adoption;
import dev.berth.registry.metadata.Blobs;
import dev.berth.registry.metadata.Collection;
import dev.berth.registry.metadata.Expiry;
import dev.berth.registry.metadata.Holdings;
import dev.berth.registry.metadata.Inspection;
import dev.berth.registry.metadata.Manifests;
import dev.berth.registry.metadata.Mending;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.Removed;
import dev.berth.registry.metadata.Room;
import dev.berth.registry.metadata.Uploads;
import dev.berth.registry.oci.RepositoryName;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The metadata in one SQL database. */
public final class SqlMetadataStore implements MetadataStore {
  private final SqlDatabase database;
  private final SqlRepositories repositories;
  private final SqlBlobs blobs;
  private final SqlUploads uploads;
  private final SqlManifests manifests;
  private final SqlCollection collection;
  private final SqlRemoved removed;
  private final SqlAdoption adoption;
  private final SqlExpiry expiry;
  private final SqlHoldings holdings;

  private SqlMetadataStore(SqlDatabase database, int nesting) {
    this.database = database;
    this.repositories = new SqlRepositories(database);
    this.blobs = new SqlBlobs(database);
    this.uploads = new SqlUploads(database, blobs);
    this.manifests = new SqlManifests(database, blobs, nesting);
    this.collection = new SqlCollection(database, manifests);
    this.removed = new SqlRemoved(database, repositories, manifests);
    this.adoption = new SqlAdoption(database, manifests);
    this.expiry = new SqlExpiry(database, manifests);
    this.holdings = new SqlHoldings(database);
  }

  /**
   * Opens an SQLite file, made where it is missing and brought to this version's schema.
   *
   * @param file that no other machine opens
   * @param nesting how many manifests deep an index may be
   */
  public static SqlMetadataStore sqlite(Path file, Clock clock, int nesting) {
    return new SqlMetadataStore(SqliteFile.open(file, clock), nesting);
  }

  @Override
  public Optional<Repository> find(RepositoryName name) {
    return repositories.find(name);
  }

  @Override
  public Repository open(RepositoryName name) {
    return repositories.open(name);
  }

  @Override
  public List<String> names(String text, String from, boolean itself, int limit) {
    return repositories.names(text, from, itself, limit);
  }

  @Override
  public boolean delete(RepositoryName name) {
    boolean deleted = repositories.delete(name);
    manifests.changed(name);
    return deleted;
  }

  @Override
  public Collection collection() {
    return collection;
  }

  @Override
  public Removed removed() {
    return removed;
  }

  @Override
  public Accounts accounts() {
    return new SqlAccounts(database);
  }

  @Override
  public Inspection inspection() {
    return new SqlInspection(database);
  }

  @Override
  public Mending mending() {
    return new SqlMending(database);
  }

  @Override
  public Adoption adoption() {
    return adoption;
  }

  @Override
  public Expiry expiry() {
    return expiry;
  }

  @Override
  public Holdings holdings() {
    return holdings;
  }

  @Override
  public long storedBytes() {
    return database.read(SqlRoom::stored);
  }

  @Override
  public long heldBytes(Room.Held repositories) {
    return database.read(handle -> SqlRoom.held(handle, repositories));
  }

  @Override
  public Usage usage() {
    return repositories.usage();
  }

  @Override
  public Blobs blobs() {
    return blobs;
  }

  @Override
  public Uploads uploads() {
    return uploads;
  }

  @Override
  public Manifests manifests() {
    return manifests;
  }

  @Override
  public void close() {
    database.close();
  }
}
