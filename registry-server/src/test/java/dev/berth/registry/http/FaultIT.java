package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.berth.policy.Action;
import dev.berth.registry.auth.AccessControl;
import dev.berth.registry.auth.Pullable;
import dev.berth.registry.http.Client.Response;
import dev.berth.registry.identity.Caller;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.RepositoryName;
import io.micronaut.http.HttpRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class FaultIT {

  /** Fails the way that a scripted repository's name says. */
  private record Failing() implements AccessControl {
    @Override
    public Caller authenticate(HttpRequest<?> request) {
      return Caller.ANONYMOUS;
    }

    @Override
    public Caller require(HttpRequest<?> request, RepositoryName repository, Action action) {
      return switch (repository.value()) {
        case "bug" -> throw new IllegalStateException("a secret detail");
        case "full" -> throw new UncheckedIOException(new IOException("No space left on device"));
        default -> Caller.ANONYMOUS;
      };
    }

    @Override
    public Pullable pullable(HttpRequest<?> request) {
      throw new AssertionError("nobody asks for the catalog here");
    }

    @Override
    public Pullable searchable(HttpRequest<?> request) {
      throw new AssertionError("nobody searches here");
    }

    @Override
    public Reach reach(HttpRequest<?> request, RepositoryName repository, Action action) {
      return Reach.ALLOWED;
    }

    @Override
    public OciException widerToken(
        HttpRequest<?> request, RepositoryName pushedTo, RepositoryName pulledFrom) {
      throw new AssertionError("nothing is beyond a token here");
    }
  }

  @Test
  void anUnexpectedFaultIsOneLogLineAndAnErrorWithoutInternals(@TempDir Path folder) {
    Logger logger = (Logger) LoggerFactory.getLogger(FaultHandler.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try (TestRegistry registry = TestRegistry.start(folder, new Failing(), Map.of());
        Client client = new Client(registry.uri())) {
      Response response = client.pushBlob("bug", utf8("content"));

      assertThat(response.status()).isEqualTo(500);
      assertThat(response.error()).isEqualTo("UNAVAILABLE");
      assertThat(response.json().toString()).doesNotContain("secret", "IllegalState");
      String requestId = response.json().at("/errors/0/detail/requestId").asText();
      assertThat(requestId).isEqualTo(response.header("X-Request-Id"));
      List<ILoggingEvent> lines = log.list;
      assertThat(lines).hasSize(1);
      assertThat(lines.getFirst().getFormattedMessage()).contains(requestId);
      assertThat(client.get("/v2/").status()).isEqualTo(200);
    } finally {
      logger.detachAppender(log);
    }
  }

  @Test
  void aFullDiskIsSaidClearly(@TempDir Path folder) {
    try (TestRegistry registry = TestRegistry.start(folder, new Failing(), Map.of());
        Client client = new Client(registry.uri())) {
      Response response = client.get("/v2/full/blobs/" + digest("x"));

      assertThat(response.status()).isEqualTo(503);
      assertThat(response.error()).isEqualTo("UNAVAILABLE");
      assertThat(response.json().toString()).contains("storage is full");
    }
  }
}
