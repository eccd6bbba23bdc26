package dev.berth.embedded.http;

import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** A watch over a WebSocket, as Fabric8's clients open it. */
final class WebSocketWatch extends WebSocketListener {
  private final Function<Watch.Sink, Watch> open;
  private final AtomicReference<Watch> watch = new AtomicReference<>();

  WebSocketWatch(Function<Watch.Sink, Watch> open) {
    this.open = open;
  }

  @Override
  public void onOpen(WebSocket socket, Response response) {
    watch.set(
        open.apply(
            new Watch.Sink() {
              @Override
              public void send(String event) {
                socket.send(event);
              }

              @Override
              public void end() {
                socket.close(1000, "");
              }
            }));
  }

  @Override
  public void onClosing(WebSocket socket, int code, String reason) {
    close();
    socket.close(code, reason);
  }

  @Override
  public void onClosed(WebSocket socket, int code, String reason) {
    close();
  }

  @Override
  public void onFailure(WebSocket socket, Throwable error, Response response) {
    close();
    socket.close(1011, Objects.requireNonNullElse(error.getMessage(), ""));
  }

  private void close() {
    Watch opened = watch.getAndSet(null);
    if (opened != null) {
      opened.close();
    }
  }
}
