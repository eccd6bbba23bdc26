package dev.berth.registry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.policy.Action;
import dev.berth.registry.adopt.TestVolume;
import dev.berth.registry.oci.Digest;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb that brings back what was deleted, beside a server that runs. */
final class UndoCommandIT {
  @TempDir Path folder;
  private TestRegistry registry;
  private HttpClient client;
  private Digest image;

  @BeforeEach
  void start() throws Exception {
    registry =
        TestRegistry.prepare(folder, Policies.aliceMay(1, "team-a/**", Action.PULL, Action.DELETE));
    TestVolume volume = new TestVolume(folder.resolve("data"));
    image = volume.image("team-a/app", "layer");
    volume.tag("team-a/app", "v1", image);
    volume.tag("team-a/app", "v2", image);
    volume.tag("team-a/other", "v1", volume.image("team-a/other", "layer"));
    registry.start();
    client = registry.client();
    await().atMost(Duration.ofMinutes(3)).until(() -> status("GET", "app", "v1") == 200);
  }

  @AfterEach
  void end() {
    client.close();
    registry.close();
  }

  private int status(String method, String repository, String reference)
      throws IOException, InterruptedException {
    return TestRegistry.send(
            client,
            registry
                .data("/v2/team-a/" + repository + "/manifests/" + reference)
                .header("Authorization", TestRegistry.basic("alice", TestRegistry.PASSWORD))
                .method(method, HttpRequest.BodyPublishers.noBody()))
        .statusCode();
  }

  /** What it printed, having ended with the code. */
  private String undo(int exit, String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("undo"));
    all.addAll(Arrays.asList(arguments));
    try (ServerProcess command = ServerProcess.start(folder, all.toArray(String[]::new))) {
      assertThat(command.exitCode()).as(command.err()).isEqualTo(exit);
      assertThat(exit == 0 ? command.err() : command.out()).isEmpty();
      return exit == 0 ? command.out() : command.err();
    }
  }

  @Test
  void aDeletedTagIsListedAndComesBack() throws Exception {
    assertThat(undo(0, "list")).isEqualTo("nothing was removed within the undo window\n");
    assertThat(status("DELETE", "app", "v1")).isEqualTo(202);
    assertThat(status("DELETE", "other", "v1")).isEqualTo(202);

    String table = undo(0, "list", "--repository", "team-a/app");
    JsonNode json = new ObjectMapper().readTree(undo(0, "list", "--json"));
    String restored = undo(0, "restore", "team-a/app", "v1");

    assertThat(table.lines())
        .hasSize(2)
        .first()
        .asString()
        .matches("REPOSITORY +KIND +REFERENCE +BYTES +REMOVED +UNTIL +REASON");
    assertThat(table.lines().toList().get(1))
        .matches("team-a/app +Tag +v1 +\\d+ +\\S+Z +\\S+Z +deleted");
    assertThat(json.path("removed")).hasSize(2);
    assertThat(json.path("removed").findValuesAsText("digest")).contains(image.toString());
    assertThat(restored).startsWith("restored team-a/app v1");
    assertThat(status("GET", "app", "v1")).isEqualTo(200);
    assertThat(status("GET", "other", "v1")).isEqualTo(404);
  }

  @Test
  void aDeletedImageComesBackWithItsTags() throws Exception {
    assertThat(status("DELETE", "app", image.toString())).isEqualTo(202);

    JsonNode restored =
        new ObjectMapper().readTree(undo(0, "restore", "team-a/app", image.toString(), "--json"));

    assertThat(restored.path("restored").toString()).contains("v1", "v2");
    assertThat(status("GET", "app", "v2")).isEqualTo(200);
  }

  @Test
  void whatCannotBeRestoredIsExplained() throws Exception {
    assertThat(undo(1, "restore", "team-a/app", "v9"))
        .startsWith("nothing of that name was removed from team-a/app within the undo window")
        .endsWith("undo list shows what was\n")
        .hasLineCount(1);
    assertThat(undo(1, "restore", "Team-A/app", "v9")).contains("a repository name is lower-case");
    assertThat(undo(2)).contains("Missing required subcommand");
    assertThat(undo(2, "restore")).contains("REPOSITORY");
  }

  @Test
  void aServerThatCannotBeAskedIsExplained() throws Exception {
    String yaml = Files.readString(folder.resolve("registry.yaml"));
    assertThat(with(yaml.replace("management.token", "htpasswd")))
        .contains("refuses the management token");
    assertThat(with(yaml.replace("management.crt", "tls.crt")))
        .contains("has another certificate than the configuration names");
    assertThat(with(yaml.replace("" + registry.managementPort, "" + TestRegistry.freePort())))
        .contains("no server answers on https://127.0.0.1:");
    assertThat(with("http: {port: 5000}\n")).contains("has no management port");
    assertThat(with(yaml.replaceFirst("(?m)^ *tokenFile: .*$", "")))
        .contains("has no management.tokenFile", "name the file by management.tokenFile");
    assertThat(undo(1, "list", "--config", "none.yaml")).contains("none.yaml");
  }

  private String with(String yaml) throws IOException, InterruptedException {
    Files.writeString(folder.resolve("other.yaml"), yaml);
    return undo(1, "list", "--config", "other.yaml");
  }
}
