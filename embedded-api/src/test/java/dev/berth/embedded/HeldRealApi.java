package dev.berth.embedded;

import java.util.concurrent.CountDownLatch;

/** A program that holds a kube-apiserver until a signal ends it. */
final class HeldRealApi {
  private HeldRealApi() {}

  public static void main(String[] arguments) throws InterruptedException {
    EmbeddedApi api = EmbeddedApi.real(RealOptions.fromEnvironment().orElseThrow());
    System.out.println(api.description());
    new CountDownLatch(1).await();
  }
}
