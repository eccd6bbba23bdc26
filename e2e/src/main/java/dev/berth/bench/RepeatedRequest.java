package dev.berth.bench;

import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Clients send the same request again and again.
 *
 * @param method of the request
 * @param path of the image in the bed that is asked for
 * @param headers lines that end with CR LF
 * @param wanted what GET should answer with
 */
record RepeatedRequest(
    String method, Function<Image, String> path, String headers, Function<Image, Blob> wanted)
    implements Workload.Body {

  private static final int CLIENTS = 32;

  static RepeatedRequest manifest(String method) {
    return new RepeatedRequest(
        method,
        _ -> RegistryClient.manifestPath(TestBed.PULLED, TestBed.TAG),
        "Accept: " + Image.MANIFEST_TYPE + "\r\n",
        Image::manifest);
  }

  static RepeatedRequest smallBlob() {
    return new RepeatedRequest(
        "GET",
        image -> RegistryClient.blobPath(TestBed.PULLED, image.layers().getFirst().digest()),
        "",
        image -> image.layers().getFirst());
  }

  @Override
  public Measurement run(Workload workload, TestBed bed) throws IOException, InterruptedException {
    check(bed);
    repeat(bed, bed.scale().warmUp());
    Stopwatch stopwatch = bed.stopwatch();
    Latencies latencies = repeat(bed, bed.scale().timed());
    return stopwatch.stop(workload, Unit.REQUEST, latencies);
  }

  private Latencies repeat(TestBed bed, Duration time) throws IOException, InterruptedException {
    String target = path.apply(bed.image());
    int length = method.equals("HEAD") ? 0 : wanted.apply(bed.image()).size();
    long end = System.nanoTime() + time.toNanos();
    return Clients.run(
        CLIENTS,
        bed.endpoint(),
        (client, latencies) -> {
          byte[] head = client.head(method, target, headers);
          long start = System.nanoTime();
          do {
            Answer answer = client.repeat(head, method).expect(200, method + " " + target);
            if (answer.body().length != length) {
              throw new ProtocolException(
                  "%s %s answered %d bytes instead of %d"
                      .formatted(method, target, answer.body().length, length));
            }
            long now = System.nanoTime();
            latencies.add(now - start);
            start = now;
          } while (start < end);
        });
  }

  /** Byte for byte, once, before anything counts. */
  private void check(TestBed bed) throws IOException {
    String target = path.apply(bed.image());
    try (RegistryClient client = new RegistryClient(bed.endpoint())) {
      Answer answer = client.request("GET", target, headers, 200);
      if (!Arrays.equals(answer.body(), wanted.apply(bed.image()).content())) {
        throw new ProtocolException("GET " + target + " answered other bytes than were pushed");
      }
    }
  }
}
