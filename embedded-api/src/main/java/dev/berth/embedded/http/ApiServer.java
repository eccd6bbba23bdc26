package dev.berth.embedded.http;

import com.google.protobuf.ByteString;
import dev.berth.embedded.authorization.Subject;
import dev.berth.embedded.fault.Fault;
import dev.berth.embedded.fault.Faults;
import dev.berth.embedded.resource.Json;
import dev.berth.embedded.write.StatusException;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.vertx.HttpServerRequestHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The mock server's HTTP and WebSocket handling on a loopback TLS port, with two additions that the
 * mock server itself lacks: a bearer token, because what is applied here may be run as processes,
 * and watches over plain HTTP, which is how kubectl watches.
 */
public final class ApiServer implements AutoCloseable {
  /** A machine that builds something else at the same time takes its time. */
  private static final long SECONDS = 120;

  private final Vertx vertx = Vertx.vertx();
  private final ApiDispatcher dispatcher;
  private final Faults faults;
  private final String token;
  private final HttpServer server;

  /** Starts listening; port 0 takes a free one. */
  public ApiServer(
      ApiDispatcher dispatcher, Faults faults, int port, String token, Path certificate, Path key) {
    this.dispatcher = dispatcher;
    this.faults = faults;
    this.token = token;
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost("127.0.0.1")
            .setPort(port)
            .setSsl(true)
            .setUseAlpn(false)
            .setHandle100ContinueAutomatically(true)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .setCertPath(certificate.toString())
                    .setKeyPath(key.toString()));
    HttpServerRequestHandler mock =
        new HttpServerRequestHandler(vertx) {
          @Override
          protected MockResponse onHttpRequest(RecordedRequest request) {
            return dispatcher.dispatch(request);
          }
        };
    this.server = vertx.createHttpServer(options);
    server.requestHandler(request -> handle(request, mock));
    try {
      await(server.listen(), "The embedded API cannot listen on 127.0.0.1:" + port);
    } catch (IllegalStateException e) {
      vertx.close();
      throw e;
    }
  }

  /** The port it listens on. */
  public int port() {
    return server.actualPort();
  }

  @Override
  public void close() {
    try {
      await(server.close(), "The embedded API did not close");
    } finally {
      // Its threads would keep the process alive.
      await(vertx.close(), "The embedded API did not end its threads");
    }
  }

  private void handle(HttpServerRequest request, HttpServerRequestHandler mock) {
    if (!("Bearer " + token).equals(request.getHeader("Authorization"))) {
      answer(request, StatusException.of(401, "Unauthorized", "Unauthorized"));
      return;
    }
    ApiRequest decoded =
        ApiRequest.of(
            request.method().name(),
            request.uri(),
            Objects.requireNonNullElse(request.getHeader("Content-Type"), ""),
            Objects.requireNonNullElse(request.getHeader("Accept"), ""),
            Objects.requireNonNullElse(request.getHeader("User-Agent"), ""),
            Subject.impersonated(
                request.getHeader("Impersonate-User"),
                request.headers().getAll("Impersonate-Group")),
            ByteString.EMPTY);
    Optional<Fault> fault = faults.of(decoded.call());
    if (fault.isPresent()) {
      meet(fault.get(), request, decoded, mock);
    } else {
      handle(request, decoded, mock);
    }
  }

  private void meet(
      Fault fault, HttpServerRequest request, ApiRequest decoded, HttpServerRequestHandler mock) {
    switch (fault) {
      case Fault.Answer refusal -> {
        if (refusal.retryAfterSeconds() > 0) {
          request
              .response()
              .putHeader("Retry-After", Integer.toString(refusal.retryAfterSeconds()));
        }
        answer(
            request,
            StatusException.of(refusal.code(), refusal.reason(), "A fault that was ordered"));
      }
      case Fault.Delay slowness -> {
        request.pause();
        vertx.setTimer(
            slowness.duration().toMillis(), timer -> handle(request.resume(), decoded, mock));
      }
      case Fault.Refuse refused -> request.connection().close();
      case Fault.LoseAnswer lost -> {
        request.response().headersEndHandler(written -> request.connection().close());
        handle(request, decoded, mock);
      }
    }
  }

  private void handle(
      HttpServerRequest request, ApiRequest decoded, HttpServerRequestHandler mock) {
    try {
      dispatcher.authorize(decoded);
    } catch (StatusException e) {
      answer(request, e);
      return;
    }
    if (decoded.isWatch() && request.getHeader("Upgrade") == null) {
      stream(request, decoded);
    } else {
      mock.handle(request);
    }
  }

  private void stream(HttpServerRequest request, ApiRequest decoded) {
    StreamedWatch.Sink sink = new StreamedWatch.Sink(request.response());
    try {
      Watch watch = dispatcher.watch(decoded, sink);
      WatchStart start = WatchStart.of(decoded);
      new StreamedWatch(vertx, request.response(), watch).run(decoded, start);
    } catch (StatusException e) {
      answer(request, e);
    }
  }

  private static void answer(HttpServerRequest request, StatusException failure) {
    request
        .response()
        .setStatusCode(failure.code())
        .putHeader("Content-Type", "application/json")
        .end(Json.write(failure.toStatus()));
  }

  private static void await(Future<?> future, String failure) {
    try {
      future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(failure, e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(failure + ": " + e.getMessage(), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException(failure + " within " + SECONDS + " s", e);
    }
  }
}
