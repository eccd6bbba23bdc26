package dev.berth.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;

/** The objects that the chart renders to. */
record Rendered(List<JsonNode> objects) {
  static final Chart CHART = new Chart(Path.of("berth"));
  static final Chart.Release RELEASE = Chart.Release.of("berth", "berth-system");

  private static final YAMLMapper YAML =
      new YAMLMapper(YAMLFactory.builder().loaderOptions(loaderOptions()).build());

  /** With the chart's own values, but these. */
  static Rendered with(String... values) {
    return of(CHART.render(RELEASE.with(values)));
  }

  /** With a documented set of values. */
  static Rendered with(Path valuesFile) {
    return of(CHART.render(RELEASE.with(valuesFile)));
  }

  static Rendered of(String yaml) {
    return new Rendered(documents(yaml));
  }

  /** Every documented set of values. */
  static Stream<Path> documentedValues() {
    try (Stream<Path> files = Files.list(Path.of("berth/ci"))) {
      return files.sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<JsonNode> documents(String yaml) {
    List<JsonNode> documents = new ArrayList<>();
    try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
      values.forEachRemaining(
          document -> {
            if (document.isObject()) {
              documents.add(document);
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return documents;
  }

  List<JsonNode> all(String kind) {
    return objects.stream().filter(object -> object.path("kind").asText().equals(kind)).toList();
  }

  Optional<JsonNode> find(String kind) {
    return all(kind).stream().findFirst();
  }

  /** The one object of this kind. */
  JsonNode the(String kind) {
    List<JsonNode> found = all(kind);
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " objects of kind " + kind + ": " + found);
    }
    return found.get(0);
  }

  /** The pod that the Deployment makes. */
  JsonNode pod() {
    return the("Deployment").at("/spec/template/spec");
  }

  JsonNode container() {
    return pod().at("/containers/0");
  }

  /** An environment variable's value. */
  Optional<String> environment(String name) {
    return items(container().path("env"))
        .filter(variable -> variable.path("name").asText().equals(name))
        .map(variable -> variable.path("value").asText())
        .findFirst();
  }

  static Stream<JsonNode> items(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  static List<String> texts(JsonNode array) {
    return items(array).map(JsonNode::asText).toList();
  }

  /** A definition is larger than the parser takes for granted that a document is. */
  private static LoaderOptions loaderOptions() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(16 << 20);
    return options;
  }
}
