package dev.berth.bench;

import java.io.IOException;

/** Clients list the first thousand tags of a repository that has more. */
final class TagsListing implements Workload.Body {

  private static final int PUSHING = 8;
  private static final int LISTING = 4;
  private static final String PATH = "/v2/" + TestBed.PULLED + "/tags/list?n=1000";

  @Override
  public Measurement run(Workload workload, TestBed bed) throws IOException, InterruptedException {
    Clients.share(
        PUSHING,
        bed.endpoint(),
        bed.scale().tags(),
        (client, number) -> client.pushManifest(TestBed.PULLED, "t" + number, bed.image()));
    long end = System.nanoTime() + bed.scale().timed().toNanos();
    Stopwatch stopwatch = bed.stopwatch();
    Latencies latencies =
        Clients.run(
            LISTING,
            bed.endpoint(),
            (client, times) -> {
              do {
                long start = System.nanoTime();
                client.request("GET", PATH, "", 200);
                times.add(System.nanoTime() - start);
              } while (System.nanoTime() < end);
            });
    return stopwatch.stop(workload, Unit.REQUEST, latencies);
  }
}
