package dev.berth.bench;

import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** What is measured, in the order in which it runs. */
enum Workload {
  PUSH_LARGE("push-large", new LargePush()),
  PUSH_IMAGES("push-images", new ImagePush(8, 5, 1 << 20, Scale::images)),
  PUSH_SMALL("push-small", new ImagePush(16, 3, 4 << 10, Scale::smallImages)),
  MANIFEST_GET("manifest-get", RepeatedRequest.manifest("GET")),
  MANIFEST_HEAD("manifest-head", RepeatedRequest.manifest("HEAD")),
  BLOB_GET_SMALL("blob-get-small", RepeatedRequest.smallBlob()),
  BLOB_GET_LARGE("blob-get-large", new LargePull(1)),
  BLOB_GET_LARGE_X4("blob-get-large-x4", new LargePull(4)),
  TAGS_LIST("tags-list", new TagsListing()),
  /** Takes 16 GiB of disk and minutes: only where it is asked for. */
  PUSH_PARALLEL("push-parallel", new ParallelPush(64));

  /** How it is measured. */
  interface Body {

    /** Runs it once. */
    Measurement run(Workload workload, TestBed bed) throws IOException, InterruptedException;
  }

  private final String label;

  // The bodies are stateless: what a run makes is in its bed.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Body body;

  Workload(String label, Body body) {
    this.label = label;
    this.body = body;
  }

  /** The one of this name on the command line. */
  static Optional<Workload> named(String name) {
    return Arrays.stream(values()).filter(workload -> workload.label.equals(name)).findFirst();
  }

  Measurement run(TestBed bed) throws IOException, InterruptedException {
    return body.run(this, bed);
  }

  @JsonValue
  @Override
  public String toString() {
    return label;
  }
}
