package dev.berth.bench;

import java.io.IOException;

/**
 * Many clients push a large blob at once, each to a repository of its own: what counts is the
 * memory that the server takes for them.
 *
 * @param clients how many
 */
record ParallelPush(int clients) implements Workload.Body {

  @Override
  public Measurement run(Workload workload, TestBed bed) throws IOException, InterruptedException {
    LargeBlob blob = new LargeBlob(bed.random(), bed.scale().parallelMib());
    Stopwatch stopwatch = bed.stopwatch();
    Clients.share(
        clients,
        bed.endpoint(),
        clients,
        (client, number) ->
            client.pushLarge(client.startUpload(TestBed.ROOT + workload + "-" + number), blob));
    return stopwatch.stop(workload, (long) clients * blob.mib());
  }
}
