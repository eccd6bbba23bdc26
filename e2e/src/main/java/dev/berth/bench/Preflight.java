package dev.berth.bench;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Finds out whether a registry can be measured at all, so that a mistake is named before. */
final class Preflight {

  private static final int PATIENCE_SECONDS = 10;
  private static final String ROOT = "/v2/";

  private Preflight() {}

  /** Returns when the registry lets this user in and takes a push. */
  static void check(Endpoint endpoint) throws InterruptedException {
    Answer welcome;
    Answer push;
    try (HttpConnection connection = new HttpConnection(endpoint)) {
      welcome = await(() -> connection.send("GET", ROOT, ""));
      if (welcome.status() != 200) {
        throw unwelcome(endpoint, welcome);
      }
      String uploads = RegistryClient.uploadsPath(TestBed.PULLED);
      push = await(() -> connection.send("POST", uploads, "", new byte[0]));
    } catch (IOException e) {
      throw new BenchException(
          "%s cannot be reached: %s. Does a registry serve plain HTTP there?"
              .formatted(endpoint, Answer.describe(e)),
          e);
    }
    if (push.status() != 202) {
      throw new BenchException(
          "%s refuses pushes to %s with %d %s: the user needs the rights to pull from and push to %s**"
              .formatted(endpoint, TestBed.PULLED, push.status(), push.start(), TestBed.ROOT));
    }
  }

  /** Whether something answers at all. */
  static boolean answers(Endpoint endpoint) throws InterruptedException {
    try (HttpConnection connection = new HttpConnection(endpoint)) {
      await(() -> connection.send("GET", ROOT, ""));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Bounded in time: what listens there may be something that waits for other words. */
  private static Answer await(Callable<Answer> exchange) throws IOException, InterruptedException {
    try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Answer> answer = thread.submit(exchange);
      try {
        return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        thread.shutdownNow();
        throw new IOException("no answer within " + PATIENCE_SECONDS + " seconds", e);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException cause) {
          throw cause;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
  }

  private static BenchException unwelcome(Endpoint endpoint, Answer answer) {
    if (answer.status() != 401) {
      return new BenchException(
          "%s answers GET %s with %d %s: is it a registry?"
              .formatted(endpoint, ROOT, answer.status(), answer.start()));
    }
    return new BenchException(
        endpoint.authorization() == null
            ? endpoint + " wants a login (401): give --user USER:PASSWORD"
            : endpoint + " refuses the login (401): is --user right, and is Basic accepted?");
  }
}
