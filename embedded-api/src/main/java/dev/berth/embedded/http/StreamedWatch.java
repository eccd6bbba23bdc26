package dev.berth.embedded.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;

/** A watch as a chunked HTTP answer, one event a line. */
final class StreamedWatch {
  private static final int MOST_BUFFERED_BYTES = 64 << 20;

  private final Vertx vertx;
  private final HttpServerResponse response;
  private final Watch watch;

  StreamedWatch(Vertx vertx, HttpServerResponse response, Watch watch) {
    this.vertx = vertx;
    this.response = response;
    this.watch = watch;
  }

  void run(ApiRequest request, WatchStart start) {
    response.setChunked(true).setWriteQueueMaxSize(MOST_BUFFERED_BYTES);
    response.putHeader("Content-Type", "application/json").writeHead();
    response.exceptionHandler(error -> watch.close());
    response.closeHandler(closed -> watch.close());
    response.endHandler(ended -> watch.close());
    request
        .parameter("timeoutSeconds")
        .map(Long::parseLong)
        .filter(seconds -> seconds > 0)
        .ifPresent(seconds -> vertx.setTimer(seconds * 1000, timer -> end()));
    start.start(watch);
  }

  private void end() {
    if (!response.ended() && !response.closed()) {
      response.end();
    }
  }

  /** Sends lines; a client that does not read is cut off and has to list again. */
  record Sink(HttpServerResponse response) implements Watch.Sink {
    @Override
    public void send(String event) {
      if (response.ended() || response.closed()) {
        return;
      }
      if (response.writeQueueFull()) {
        response.reset();
        return;
      }
      response.write(event + "\n");
    }

    @Override
    public void end() {
      if (!response.ended() && !response.closed()) {
        response.end();
      }
    }
  }
}
