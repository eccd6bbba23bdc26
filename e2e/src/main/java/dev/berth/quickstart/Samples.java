package dev.berth.quickstart;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the quickstart applies: the custom resource definitions, the login, and a folder of samples.
 */
final class Samples {

  /** Names that {@code samples/quickstart} uses. */
  static final String NAMESPACE = "registries";

  static final String REGISTRY = "main";
  static final String ACCESS_POLICY = "berth";
  static final int NODE_PORT = 30_500;
  static final String OPERATOR_NAMESPACE = "berth-system";

  private static final String USERS_SECRET = "registry-users";
  private static final String HTPASSWD = "htpasswd";
  private static final List<String> KINDS = List.of("registries", "repositories", "accesspolicies");
  private static final Duration ESTABLISHED = Duration.ofSeconds(30);
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("berth-quickstart")
          .withForce(true)
          .build();

  private final KubernetesClient client;

  Samples(KubernetesClient client) {
    this.client = client;
  }

  void applyDefinitions() {
    for (String kind : KINDS) {
      String name = "/META-INF/berth/crds/" + kind + ".berth.dev.yaml";
      try (InputStream yaml = Samples.class.getResourceAsStream(name)) {
        if (yaml == null) {
          throw new QuickstartException(name + " is missing in the berth-crds jar: build again");
        }
        client.load(yaml).items().forEach(this::apply);
      } catch (IOException e) {
        throw new UncheckedIOException(name, e);
      }
      client
          .apiextensions()
          .v1()
          .customResourceDefinitions()
          .withName(kind + ".berth.dev")
          .waitUntilCondition(Samples::isEstablished, ESTABLISHED.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private static boolean isEstablished(@Nullable CustomResourceDefinition definition) {
    return definition != null
        && definition.getStatus() != null
        // A new one has a status without conditions for a moment.
        && definition.getStatus().getConditions() != null
        && definition.getStatus().getConditions().stream()
            .anyMatch(c -> "Established".equals(c.getType()) && "True".equals(c.getStatus()));
  }

  void applyNamespaces() {
    Stream.of(OPERATOR_NAMESPACE, NAMESPACE)
        .map(name -> new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .forEach(this::apply);
  }

  /**
   * A new hash is a change that the server would reload: it is made only when the old one is wrong.
   * Users that somebody added stay.
   */
  void applyLogin(Login login) {
    Secret existing = client.secrets().inNamespace(NAMESPACE).withName(USERS_SECRET).get();
    List<String> lines =
        existing == null || existing.getData() == null
            ? List.of()
            : decoded(existing.getData().getOrDefault(HTPASSWD, "")).lines().toList();
    if (lines.stream().anyMatch(login::matches)) {
      return;
    }
    String users =
        Stream.concat(
                lines.stream().filter(line -> !login.isNamedBy(line)),
                Stream.of(login.htpasswdLine()))
            .collect(Collectors.joining("\n"));
    apply(
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(NAMESPACE)
            .withName(USERS_SECRET)
            .endMetadata()
            .addToData(
                HTPASSWD,
                Base64.getEncoder().encodeToString(users.getBytes(StandardCharsets.UTF_8)))
            .build());
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  /** Every YAML file of the folder, in the order of their names. */
  void applyFolder(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
        try (InputStream yaml = Files.newInputStream(file)) {
          client.load(yaml).items().forEach(this::apply);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder, e);
    }
  }

  private void apply(HasMetadata object) {
    client.resource(object).patch(APPLY);
  }
}
