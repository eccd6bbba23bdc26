package dev.berth.registry;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.berth.registry",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule theSpecificationsWordsKnowNoFramework =
      noClasses()
          .that()
          .resideInAPackage("dev.berth.registry.oci..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.micronaut..",
              "io.netty..",
              "jakarta..",
              "org.jdbi..",
              "io.fabric8..",
              "dev.berth.registry.http..",
              "dev.berth.registry.content..",
              "dev.berth.registry.metadata..",
              "dev.berth.registry.blob..");

  @ArchTest
  static final ArchRule storesKnowNoHttp =
      noClasses()
          .that()
          .resideInAnyPackage("dev.berth.registry.blob..", "dev.berth.registry.metadata..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.micronaut.http..",
              "io.netty..",
              "dev.berth.registry.http..",
              "dev.berth.registry.content..");

  @ArchTest
  static final ArchRule onlyOnePackageTouchesSql =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.berth.registry.metadata.sql..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.sql..",
              "javax.sql..",
              "org.jdbi..",
              "org.flywaydb..",
              "org.sqlite..",
              "com.zaxxer.hikari..");

  @ArchTest
  static final ArchRule nothingKnowsKubernetes =
      noClasses()
          .that()
          .resideInAPackage("dev.berth.registry..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.fabric8..");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("dev.berth.registry.(*)..").should().beFreeOfCycles();
}
