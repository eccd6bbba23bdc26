package dev.berth.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real kubectl against the API in memory. */
class KubectlIT {
  private static final String WIDGET =
      """
      apiVersion: example.dev/v1
      kind: Widget
      metadata: {name: one}
      spec: {size: S}
      """;
  private static final String WORKLOAD =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, labels: {app: web}}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers:
            - {name: a, image: "x:1", env: [{name: A, value: "1"}], ports: [{containerPort: 80}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
      """;

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: one}
      spec: {containers: [{name: a, image: "x:1", ports: [{containerPort: 80}]}]}
      """;

  @TempDir Path folder;
  private EmbeddedApi api;
  private Kubectl kubectl;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    api = EmbeddedApi.mock();
    kubectl = Kubectl.forTests(Files.writeString(folder.resolve("config"), api.kubeconfigYaml()));
    kubectl.okWithInput(Widgets.CRD, "apply", "-f", "-");
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void applyCreatesConfiguresAndLeavesAlone() throws Exception {
    assertThat(kubectl.okWithInput(WIDGET, "apply", "-f", "-")).contains("one created");
    assertThat(kubectl.okWithInput(WIDGET, "apply", "-f", "-")).contains("one unchanged");
    assertThat(kubectl.okWithInput(WORKLOAD, "apply", "-f", "-")).contains("web created");
    String changed = WORKLOAD.replace("name: A", "name: B").replace("x:1", "x:2");
    assertThat(kubectl.okWithInput(changed, "apply", "-f", "-"))
        .contains("deployment.apps/web configured", "service/web unchanged");

    assertThat(kubectl.ok("get", "deploy", "web", "-o", "jsonpath={..containers[0].env[*].name}"))
        .isEqualTo("B");
    assertThat(
            kubectl.okWithInput(WIDGET, "apply", "--server-side", "--force-conflicts", "-f", "-"))
        .contains("serverside-applied");
  }

  @Test
  void applyRefusesWhatTheSchemaRefuses() throws Exception {
    Kubectl.Result wrong = kubectl.run(WIDGET.replace("S", "XXL"), "apply", "-f", "-");
    Kubectl.Result unknown =
        kubectl.run(WIDGET.replace("size: S", "size: S, unheard: 1"), "apply", "-f", "-");

    assertThat(wrong.exit()).isNotZero();
    assertThat(wrong.out()).contains("Unsupported value: \"XXL\"");
    assertThat(unknown.exit()).isNotZero();
    assertThat(unknown.out()).contains("unknown field \"spec.unheard\"");
  }

  @Test
  void whatGoesIntoPodsIsRefusedWithWhereTheirLogsAre() throws Exception {
    kubectl.okWithInput(POD, "apply", "-f", "-");
    String running = "{\"status\":{\"phase\":\"Running\"}}";
    kubectl.ok("patch", "pod", "one", "--subresource=status", "--type=merge", "-p", running);

    for (List<String> command :
        List.of(
            List.of("logs", "one"),
            List.of("exec", "one", "--", "true"),
            List.of("attach", "one"),
            List.of("port-forward", "one", "0:80"))) {
      Kubectl.Result refused = kubectl.run("", command.toArray(String[]::new));

      assertThat(refused.exit()).as(refused.out()).isNotZero();
      assertThat(refused.out())
          .contains("has no exec, attach, logs or port-forward", "folder logs of the state");
    }
  }

  @Test
  void createTokenGivesOneForTheAudience() throws Exception {
    kubectl.ok("create", "serviceaccount", "builder");

    String token =
        kubectl.ok("create", "token", "builder", "--audience=https://registry.example.com");

    assertThat(new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), UTF_8))
        .contains("\"aud\":[\"https://registry.example.com\"]", "serviceaccount:default:builder");
  }

  @Test
  void getPrintsTheColumns() throws Exception {
    kubectl.okWithInput(WIDGET, "apply", "-f", "-");
    kubectl.okWithInput(WORKLOAD, "apply", "-f", "-");
    kubectl.ok(
        "patch",
        "wi",
        "one",
        "--subresource=status",
        "--type=merge",
        "-p",
        "{\"status\":{\"version\":\"9\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");

    assertThat(kubectl.ok("get", "wi").lines())
        .first()
        .asString()
        .matches("NAME +READY +REPLICAS +AGE");
    assertThat(kubectl.ok("get", "wi", "--no-headers")).matches("one +True +1 +\\d+s\\s*");
    assertThat(kubectl.ok("get", "wi", "-o", "wide"))
        .contains("VERSION")
        .containsPattern("\\b9\\b");
    assertThat(kubectl.ok("get", "deploy,svc", "-A"))
        .containsPattern("default +deployment.apps/web +0/1")
        .containsPattern("default +service/web +ClusterIP");
    assertThat(kubectl.ok("get", "pods")).contains("No resources found");
  }

  @Test
  void describeShowsCustomResourcesSecretsAndServices() throws Exception {
    kubectl.okWithInput(WIDGET, "apply", "-f", "-");
    kubectl.okWithInput(WORKLOAD, "apply", "-f", "-");
    kubectl.ok("create", "secret", "generic", "s", "--from-literal=a=b");

    assertThat(kubectl.ok("describe", "widget", "one")).contains("Size:      S", "Events:");
    assertThat(kubectl.ok("describe", "svc", "web")).contains("app=web", "80/TCP");
    assertThat(kubectl.ok("describe", "secret", "s")).contains("a:  1 bytes");
  }

  @Test
  void createPatchLabelAnnotateAndScale() throws Exception {
    kubectl.okWithInput(WIDGET, "apply", "-f", "-");
    kubectl.okWithInput(WORKLOAD, "apply", "-f", "-");
    kubectl.ok("create", "namespace", "team-a");
    kubectl.ok("label", "wi", "one", "tier=front");
    kubectl.ok("annotate", "wi", "one", "note=x");
    kubectl.ok("scale", "wi", "one", "--replicas=4");
    kubectl.ok("scale", "deploy", "web", "--replicas=3");
    kubectl.ok("patch", "wi", "one", "--type=merge", "-p", "{\"spec\":{\"size\":\"M\"}}");
    kubectl.ok(
        "patch",
        "wi",
        "one",
        "--type=json",
        "-p",
        "[{\"op\":\"add\",\"path\":\"/spec/note\",\"value\":\"hello\"}]");
    kubectl.ok(
        "patch",
        "deploy",
        "web",
        "-p",
        "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"a\",\"env\":[{\"name\":\"B\"}]}]}}}}");

    assertThat(kubectl.ok("get", "wi", "-l", "tier in (front)", "-o", "jsonpath={.items[0].spec}"))
        .contains("\"replicas\":4", "\"size\":\"M\"", "\"note\":\"hello\"");
    assertThat(
            kubectl.ok("get", "deploy", "web", "-o", "jsonpath={..env[*].name} {.spec.replicas}"))
        .isEqualTo("A B 3");
    assertThat(kubectl.ok("auth", "can-i", "delete", "secrets")).contains("yes");
    assertThat(kubectl.ok("api-resources")).contains("widgets", "deployments");
    assertThat(kubectl.ok("explain", "widget.spec.size")).contains("how big it is");
  }

  @Test
  void deleteReturnsWhenTheObjectIsGone() throws Exception {
    kubectl.okWithInput(WIDGET, "apply", "-f", "-");
    try (KubernetesClient client = api.client()) {
      Widgets.named(client, "default", "one")
          .edit(
              widget -> {
                widget.addFinalizer("example.dev/hold");
                return widget;
              });
      Process deletion = kubectl.start("delete", "wi", "one");
      try {
        Widgets.named(client, "default", "one")
            .waitUntilCondition(w -> w.isMarkedForDeletion(), 20, TimeUnit.SECONDS);
        Widgets.named(client, "default", "one")
            .edit(
                widget -> {
                  widget.removeFinalizer("example.dev/hold");
                  return widget;
                });

        assertThat(deletion.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(deletion.exitValue()).isZero();
      } finally {
        deletion.destroyForcibly();
      }
    }
    assertThat(kubectl.run("", "get", "wi", "one").out()).contains("NotFound");
  }

  @Test
  void waitAndGetFollowChanges() throws Exception {
    kubectl.okWithInput(WIDGET, "apply", "-f", "-");
    Process follower = kubectl.start("get", "wi", "one", "-w", "--no-headers");
    try (var lines = follower.inputReader()) {
      assertThat(lines.readLine()).startsWith("one");

      kubectl.ok("scale", "wi", "one", "--replicas=7");

      assertThat(lines.readLine()).containsPattern("one +7");
    } finally {
      follower.destroyForcibly();
    }
    assertThat(kubectl.ok("wait", "wi/one", "--for=jsonpath={.spec.replicas}=7", "--timeout=10s"))
        .contains("condition met");
  }
}
