package dev.berth.registry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.berth.policy.Action;
import dev.berth.registry.auth.MutableClock;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.oci.RepositoryName;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The repositories of a Repository go in steps that who asks for them can wait for. */
@NullUnmarked // a null is a failed test
final class RepositoriesDeletionIT {
  @TempDir Path folder;

  private final MutableClock clock = new MutableClock();
  private final Logger auditLog = (Logger) LoggerFactory.getLogger("dev.berth.audit");
  private TestRegistry registry;
  private HttpClient client;
  private MetadataStore metadata;
  private AppenderBase<ILoggingEvent> appender;

  @BeforeEach
  void start() throws Exception {
    registry = TestRegistry.prepare(folder, Policies.aliceMay(1, "team-a/**", Action.PULL));
    registry.start(clock);
    client = registry.client();
    metadata = registry.server().context().getBean(MetadataStore.class);
  }

  @AfterEach
  void stop() {
    if (appender != null) {
      auditLog.detachAppender(appender);
    }
    client.close();
    registry.close();
  }

  @Test
  void aHundredGoWithOneRequestAndTheOthersWithTheNext() throws Exception {
    // Given
    for (int i = 0; i < 101; i++) {
      given("team-a/app-" + i);
    }
    given("a/app");
    given("team-a");
    given("team-b/app");

    // When
    HttpResponse<String> first = delete("team-a/**");
    HttpResponse<String> second = delete("team-a/**");

    // Then
    assertThat(first.body()).isEqualTo("{\"repositories\":100,\"more\":true}");
    assertThat(second.body()).isEqualTo("{\"repositories\":1,\"more\":false}");
    assertThat(metadata.names("", "", false, 1000))
        .containsExactly("a/app", "team-a", "team-b/app");
  }

  @Test
  void slowOnesGoOneByOne() throws Exception {
    // Given
    given("team-a/one");
    given("team-a/two");
    atEachDeletion(() -> clock.move(Duration.ofSeconds(3)));

    // When
    HttpResponse<String> first = delete("team-a/**");
    HttpResponse<String> second = delete("team-a/**");

    // Then
    assertThat(first.body()).isEqualTo("{\"repositories\":1,\"more\":true}");
    assertThat(second.body()).isEqualTo("{\"repositories\":1,\"more\":false}");
  }

  @Test
  void whatAMoreSpecificRepositoryDeclaresNeitherGoesNorIsLeftToAskFor() throws Exception {
    // Given: the policy declares public/**
    given("public/app");
    given("team-a/app");

    // When
    HttpResponse<String> answer = delete("**");

    // Then
    assertThat(answer.body()).isEqualTo("{\"repositories\":1,\"more\":false}");
    assertThat(metadata.names("", "", false, 10)).containsExactly("public/app");
  }

  @Test
  void nothingGoesBeforeAPolicySaysWhatIsDeclared() throws Exception {
    // Given
    stop();
    Path other = Files.createDirectory(folder.resolve("other"));
    registry = TestRegistry.prepare(other, Policies.aliceMay(1, "team-a/**", Action.PULL));
    Files.delete(other.resolve("policy.json.gz"));
    registry.start(clock);
    client = registry.client();
    metadata = registry.server().context().getBean(MetadataStore.class);
    given("public/app");

    // When
    HttpResponse<String> answer = delete("**");

    // Then
    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body()).contains("there is no policy document yet");
    assertThat(metadata.names("", "", false, 10)).containsExactly("public/app");
  }

  @Test
  void anExactPathTakesNothingThatOnlyBeginsLikeIt() throws Exception {
    // Given
    given("team-a/app");
    given("team-a/app-2");
    given("team-a/app/inner");

    // When
    HttpResponse<String> answer = delete("team-a/app");

    // Then
    assertThat(answer.body()).isEqualTo("{\"repositories\":1,\"more\":false}");
    assertThat(metadata.names("", "", false, 10))
        .containsExactly("team-a/app-2", "team-a/app/inner");
  }

  @Test
  void whoAsksWhileItGoesOnIsToldToAskAgain() throws Exception {
    // Given
    given("team-a/app");
    CountDownLatch deleting = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    atEachDeletion(
        () -> {
          deleting.countDown();
          await(goOn);
        });
    CompletableFuture<HttpResponse<String>> first =
        client.sendAsync(request("team-a/**"), HttpResponse.BodyHandlers.ofString());
    await(deleting);

    // When
    HttpResponse<String> second = delete("team-a/**");
    goOn.countDown();

    // Then
    assertThat(second.statusCode()).isEqualTo(409);
    assertThat(second.body()).contains("ask again");
    assertThat(first.get(20, TimeUnit.SECONDS).body())
        .isEqualTo("{\"repositories\":1,\"more\":false}");
    assertThat(delete("team-a/**").statusCode()).isEqualTo(200);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Each is on the record when it has gone. */
  private void atEachDeletion(Runnable work) {
    appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent line) {
            work.run();
          }
        };
    appender.start();
    auditLog.setLevel(Level.INFO);
    auditLog.addAppender(appender);
  }

  private void given(String name) {
    metadata.open(new RepositoryName(name));
  }

  private HttpResponse<String> delete(String path) throws Exception {
    return client.send(request(path), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String path) {
    return registry
        .management("/v1/repositories/delete")
        .header("Authorization", "Bearer " + TestRegistry.MANAGEMENT_TOKEN)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString("{\"path\":\"%s\"}".formatted(path)))
        .build();
  }
}
