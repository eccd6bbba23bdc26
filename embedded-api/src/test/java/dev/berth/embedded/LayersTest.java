package dev.berth.embedded;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.berth.embedded",
    importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("dev.berth.embedded.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule ONLY_THE_HTTP_PACKAGE_KNOWS_HTTP =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..embedded.resource..",
              "..embedded.store..",
              "..embedded.apply..",
              "..embedded.write..",
              "..embedded.table..",
              "..embedded.protobuf..",
              "..embedded.token..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx..", "io.netty..", "io.fabric8.mockwebserver..");
}
