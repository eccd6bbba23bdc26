package dev.berth.api.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.repository.Repository;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The CRD files: as the model says they should be, and as they are checked in. */
final class CrdFiles {

  static final List<Class<? extends CustomResource<?, ?>>> KINDS =
      List.of(Registry.class, Repository.class, AccessPolicy.class);

  static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
          .build();

  private static final Path FOLDER = Path.of("src/main/resources/META-INF/berth/crds");
  private static final String HEADER =
      """
      # Generated from the records in dev.berth.api. Change those, then run
      #   mvn -pl crds test -Dtest=CrdFilesTest -Dcrds.regenerate=true
      """;

  private CrdFiles() {}

  /** Where the file of this kind is checked in. */
  static Path path(Class<? extends CustomResource<?, ?>> kind) {
    return FOLDER.resolve(CustomResource.getCRDName(kind) + ".yaml");
  }

  /** The checked-in file of this kind. */
  static String checkedIn(Class<? extends CustomResource<?, ?>> kind) throws IOException {
    return Files.readString(path(kind));
  }

  /** What the file of this kind should hold. */
  static String generate(Class<? extends CustomResource<?, ?>> kind) throws IOException {
    ObjectNode crd = (ObjectNode) YAML.readTree(asTheGeneratorMakesIt(kind));
    new SchemaCompletion(kind).complete(crd);
    leaveOutWhatIsNotStored(crd);
    return HEADER + YAML.writeValueAsString(crd);
  }

  /** The API server drops a zero: kubectl and Argo CD would see a difference at every apply. */
  private static void leaveOutWhatIsNotStored(ObjectNode crd) {
    for (JsonNode column : crd.at("/spec/versions/0/additionalPrinterColumns")) {
      if (column.path("priority").asInt() == 0) {
        ((ObjectNode) column).remove("priority");
      }
    }
  }

  private static byte[] asTheGeneratorMakesIt(Class<? extends CustomResource<?, ?>> kind) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (InMemory output = new InMemory(bytes)) {
      new CRDGenerator()
          .customResourceClasses(List.of(kind))
          .forCRDVersions("v1")
          .withOutput(output)
          .detailedGenerate();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static final class InMemory
      extends CRDGenerator.AbstractCRDOutput<ByteArrayOutputStream> {

    private final ByteArrayOutputStream bytes;

    InMemory(ByteArrayOutputStream bytes) {
      this.bytes = bytes;
    }

    @Override
    protected ByteArrayOutputStream createStreamFor(String crdName) {
      return bytes;
    }
  }
}
