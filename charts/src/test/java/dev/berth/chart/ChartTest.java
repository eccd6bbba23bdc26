package dev.berth.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart as a whole. */
class ChartTest {
  private static final Set<String> WITHOUT_NAMESPACE =
      Set.of("ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "Namespace");

  @Test
  void helmFindsNothingToCorrect() {
    LintResult result = Rendered.CHART.lint();

    assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
    // An icon is for catalogues.
    assertThat(result.getMessages())
        .filteredOn(message -> !message.contains("icon is recommended"))
        .noneMatch(
            message ->
                message.contains("[WARNING]")
                    || message.contains("[ERROR]")
                    || message.contains("[INFO]"));
  }

  @ParameterizedTest
  @MethodSource("dev.berth.chart.Rendered#documentedValues")
  void everyDocumentedSetOfValuesRendersToObjectsWithNameNamespaceAndLabels(Path values) {
    Rendered rendered = Rendered.with(values);

    assertThat(rendered.objects()).isNotEmpty();
    assertThat(rendered.objects())
        .allSatisfy(
            object -> {
              assertThat(object.at("/metadata/name").asText()).isNotEmpty();
              assertThat(object.at("/metadata/namespace").asText().isEmpty())
                  .as("%s has no namespace", object.path("kind"))
                  .isEqualTo(WITHOUT_NAMESPACE.contains(object.path("kind").asText()));
              assertThat(object.at("/metadata/labels/app.kubernetes.io~1name").asText())
                  .isEqualTo("berth-operator");
              // The operator watches what carries its own value here.
              assertThat(object.at("/metadata/labels/app.kubernetes.io~1managed-by").asText())
                  .isEqualTo("Helm");
            });
    assertThat(rendered.objects().stream().map(ChartTest::identity)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("dev.berth.chart.Rendered#documentedValues")
  void theSameValuesRenderTheSame(Path values) {
    Chart.Release release = Rendered.RELEASE.with(values);

    assertThat(Rendered.CHART.render(release)).isEqualTo(Rendered.CHART.render(release));
  }

  @Test
  void noTemplateAsksTheClusterOrTheDice() throws IOException {
    Pattern unstable =
        Pattern.compile(
            "\\b(lookup|rand\\w*|gen[A-Z]\\w+|uuidv4|now|htpasswd|bcrypt|getHostByName)\\b");

    assertThat(templates())
        .isNotEmpty()
        .allSatisfy(
            file -> {
              List<String> actions =
                  Pattern.compile("\\{\\{.*?}}", Pattern.DOTALL)
                      .matcher(Files.readString(file))
                      .results()
                      .map(result -> result.group())
                      .filter(action -> !action.contains("/*"))
                      .toList();
              assertThat(actions)
                  .as(file.toString())
                  .noneMatch(action -> unstable.matcher(action).find());
            });
  }

  @Test
  void aReleaseIsNamedForTheOperator() {
    assertThat(nameOf("berth")).isEqualTo("berth-operator");
    assertThat(nameOf("berth-operator")).isEqualTo("berth-operator");
    assertThat(nameOf("images")).isEqualTo("images-berth-operator");
    assertThat(nameOf("my.berth")).isEqualTo("my-berth-operator");
    assertThat(nameOf("1images")).isEqualTo("release-1images-berth-operator");
    assertThat(nameOf("a".repeat(53))).hasSizeLessThanOrEqualTo(52).endsWith("-berth-operator");
  }

  @Test
  void aReleasePublishesAnArchiveAndAFileForKubectl(@TempDir Path folder) throws IOException {
    // When
    ReleaseFiles.main(new String[] {"berth", folder.toString()});

    // Then
    String version = System.getProperty("project.version");
    assertThat(folder.resolve("berth-" + version + ".tgz")).isNotEmptyFile();
    Rendered file = Rendered.of(Files.readString(folder.resolve("berth.yaml")));
    assertThat(file.objects().get(0).path("kind").asText()).isEqualTo("Namespace");
    assertThat(
            file.the("Namespace")
                .at("/metadata/labels/pod-security.kubernetes.io~1enforce")
                .asText())
        .isEqualTo("restricted");
    assertThat(file.all("CustomResourceDefinition")).hasSize(3);
    assertThat(file.objects())
        .extracting(object -> object.at("/metadata/labels/app.kubernetes.io~1managed-by").asText())
        .containsOnly("kubectl");
  }

  private static String nameOf(String release) {
    return Rendered.of(Rendered.CHART.render(Chart.Release.of(release, "somewhere")))
        .the("Deployment")
        .at("/metadata/name")
        .asText();
  }

  private static String identity(JsonNode object) {
    return object.path("kind").asText()
        + " "
        + object.at("/metadata/namespace").asText()
        + "/"
        + object.at("/metadata/name").asText();
  }

  private static List<Path> templates() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("berth/templates"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
