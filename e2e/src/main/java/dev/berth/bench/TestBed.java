package dev.berth.bench;

import java.io.IOException;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A registry with what the workloads of one run find in it and leave for each other. */
final class TestBed {

  /** What every repository's name begins with. */
  static final String ROOT = "bench/";

  /** The repository of the image that is pulled. */
  static final String PULLED = ROOT + "pull";

  /** The repository of the large blob. */
  static final String LARGE = ROOT + "large";

  /** The tag of the image that is pulled. */
  static final String TAG = "v1";

  private static final int LAYER_BYTES = 4 << 10;

  private final Endpoint endpoint;
  private final @Nullable ServerProbe probe;
  private final Scale scale;
  private final RandomGenerator random;
  private final Image image;
  private @Nullable LargeBlob largeBlob;

  private TestBed(
      Endpoint endpoint, @Nullable ServerProbe probe, Scale scale, RandomGenerator random) {
    this.endpoint = endpoint;
    this.probe = probe;
    this.scale = scale;
    this.random = random;
    this.image = Image.random(random, 1, LAYER_BYTES);
  }

  /**
   * Pushes the image that is pulled.
   *
   * @param probe null where the server's process is not known
   */
  static TestBed prepare(Endpoint endpoint, @Nullable ServerProbe probe, Scale scale)
      throws IOException {
    // New content each time: a registry that is measured again has what was pushed before.
    TestBed bed = new TestBed(endpoint, probe, scale, random(System.nanoTime()));
    try (RegistryClient client = new RegistryClient(endpoint)) {
      client.push(PULLED, TAG, bed.image);
    }
    return bed;
  }

  /** Fast, for the client's CPU time is taken from the server's. */
  static RandomGenerator random(long seed) {
    return new SplittableRandom(seed);
  }

  Endpoint endpoint() {
    return endpoint;
  }

  Scale scale() {
    return scale;
  }

  RandomGenerator random() {
    return random;
  }

  Image image() {
    return image;
  }

  Stopwatch stopwatch() {
    return new Stopwatch(probe);
  }

  void pushed(LargeBlob blob) {
    largeBlob = blob;
  }

  /** The large blob, pushed now if no workload has. */
  LargeBlob largeBlob() throws IOException {
    LargeBlob blob = largeBlob;
    if (blob == null) {
      blob = new LargeBlob(random, scale.largeMib());
      try (RegistryClient client = new RegistryClient(endpoint)) {
        client.pushLarge(client.startUpload(LARGE), blob);
      }
      largeBlob = blob;
    }
    return blob;
  }
}
