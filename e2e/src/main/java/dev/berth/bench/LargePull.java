package dev.berth.bench;

import java.io.IOException;
import java.net.ProtocolException;
import java.security.MessageDigest;

/**
 * Each client pulls the large blob some times in a row.
 *
 * @param clients how many do so at once
 */
record LargePull(int clients) implements Workload.Body {

  private static final int ROUNDS = 4;

  @Override
  public Measurement run(Workload workload, TestBed bed) throws IOException, InterruptedException {
    LargeBlob blob = bed.largeBlob();
    // The first round does not count, and is the one whose bytes are looked at.
    Clients.run(clients, bed.endpoint(), (client, _) -> verify(client, blob));
    Stopwatch stopwatch = bed.stopwatch();
    Clients.run(
        clients,
        bed.endpoint(),
        (client, _) -> {
          for (int round = 0; round < ROUNDS; round++) {
            client.pullLarge(TestBed.LARGE, blob, _ -> {});
          }
        });
    return stopwatch.stop(workload, (long) clients * ROUNDS * blob.mib());
  }

  private static void verify(RegistryClient client, LargeBlob blob) throws IOException {
    MessageDigest sha256 = Blob.sha256();
    client.pullLarge(TestBed.LARGE, blob, sha256::update);
    String digest = Blob.digest(sha256.digest());
    if (!digest.equals(blob.digest())) {
      throw new ProtocolException("the pull of " + blob.digest() + " has the digest " + digest);
    }
  }
}
