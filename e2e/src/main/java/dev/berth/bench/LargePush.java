package dev.berth.bench;

import java.io.IOException;

/** One client pushes one large blob as one stream. */
final class LargePush implements Workload.Body {

  @Override
  public Measurement run(Workload workload, TestBed bed) throws IOException {
    LargeBlob blob = new LargeBlob(bed.random(), bed.scale().largeMib());
    try (RegistryClient client = new RegistryClient(bed.endpoint())) {
      String upload = client.startUpload(TestBed.LARGE);
      Stopwatch stopwatch = bed.stopwatch();
      client.pushLarge(upload, blob);
      Measurement measurement = stopwatch.stop(workload, blob.mib());
      bed.pushed(blob);
      return measurement;
    }
  }
}
