package dev.berth.bench;

import java.io.IOException;
import java.util.function.ToIntFunction;

/**
 * Clients push images that have nothing in common, as many as there are, each the next one.
 *
 * @param clients how many do so at once
 * @param layers of an image
 * @param layerBytes size of a layer
 * @param images how many there are
 */
record ImagePush(int clients, int layers, int layerBytes, ToIntFunction<Scale> images)
    implements Workload.Body {

  private static final int REPOSITORIES = 20;

  @Override
  public Measurement run(Workload workload, TestBed bed) throws IOException, InterruptedException {
    int count = images.applyAsInt(bed.scale());
    long seed = bed.random().nextLong();
    Stopwatch stopwatch = bed.stopwatch();
    Latencies latencies =
        Clients.share(
            clients,
            bed.endpoint(),
            count,
            (client, number) ->
                client.push(
                    TestBed.ROOT + workload + "-" + number % REPOSITORIES,
                    "v" + number,
                    Image.random(TestBed.random(seed + number), layers, layerBytes)));
    return stopwatch.stop(workload, Unit.IMAGE, latencies);
  }
}
