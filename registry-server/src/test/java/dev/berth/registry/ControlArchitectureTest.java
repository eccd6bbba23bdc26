package dev.berth.registry;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What may know what, among the packages around the registry's content. */
@AnalyzeClasses(
    packages = "dev.berth.registry",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ControlArchitectureTest {
  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("dev.berth.registry.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule CONFIGURATION_IS_RECORDS_AND_THEIR_READER =
      classes()
          .that()
          .resideInAPackage("..registry.config")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.berth.registry.config", "java..", "org.yaml.snakeyaml..", "org.jspecify..");

  @ArchTest
  static final ArchRule DECISIONS_KNOW_NO_FRAMEWORK =
      noClasses()
          .that()
          .haveFullyQualifiedName("dev.berth.registry.auth.CompiledPolicy")
          .or()
          .haveFullyQualifiedName("dev.berth.registry.auth.PathIndex")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.micronaut..", "jakarta..", "io.netty..");

  @ArchTest
  static final ArchRule RETENTION_DECIDES_WITHOUT_FRAMEWORK_OR_STORE =
      classes()
          .that()
          .resideInAPackage("..registry.retention")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.berth.registry.retention",
              "dev.berth.registry.oci",
              "dev.berth.policy",
              "java..",
              "org.jspecify..");

  @ArchTest
  static final ArchRule NOTHING_KNOWS_THE_COMMAND_LINE =
      noClasses()
          .that()
          .resideOutsideOfPackage("..registry.cli")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..registry.cli");

  @ArchTest
  static final ArchRule FILES_AND_CERTIFICATES_KNOW_NO_ONE_ABOVE =
      noClasses()
          .that()
          .resideInAnyPackage("..registry.watch", "..registry.tls")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..registry.auth", "..registry.management", "..registry.observe");
}
