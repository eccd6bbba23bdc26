package dev.berth.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.berth.api.v1alpha1.accesspolicy.AccessPolicyStatus;
import dev.berth.api.v1alpha1.registry.RegistryStatus;
import dev.berth.api.v1alpha1.repository.RepositoryStatus;
import java.util.Set;

/** What may know what, as ARCHITECTURE.md draws it. */
@AnalyzeClasses(
    packages = "dev.berth.operator",
    importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {

  @ArchTest
  static final ArchRule decisionsKnowNoFramework =
      noClasses()
          .that()
          .resideInAnyPackage("..policy..", "..model..", "..check..", "..tls..")
          .and(areNotTheParserOfSchedules())
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.micronaut..", "io.javaoperatorsdk..")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("io.fabric8.kubernetes.client.KubernetesClient");

  @ArchTest
  static final ArchRule childrenOnlyRender =
      noClasses()
          .that()
          .resideInAPackage("..dependent..")
          .and()
          .doNotHaveSimpleName("RegistryChild")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("io.fabric8.kubernetes.client.KubernetesClient");

  @ArchTest
  static final ArchRule onlyStatusFactoriesWriteStatus =
      classes().that(callTheBuilderOfAStatus()).should().haveSimpleNameEndingWith("StatusFactory");

  @ArchTest
  static final ArchRule theFrameworkOfTheProcessStaysAtTheTop =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.berth.operator")
          .and(areNotTheParserOfSchedules())
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.micronaut..");

  @ArchTest
  static final ArchRule noCycles =
      slices().matching("dev.berth.operator.(**)").should().beFreeOfCycles();

  /** The server reads schedules with Micronaut's parser, and both must take the same. */
  private static DescribedPredicate<JavaClass> areNotTheParserOfSchedules() {
    return DescribedPredicate.describe(
        "are not the parser of schedules", type -> !type.getSimpleName().equals("CronSchedule"));
  }

  private static DescribedPredicate<JavaClass> callTheBuilderOfAStatus() {
    Set<String> statuses =
        Set.of(
            RegistryStatus.class.getName(),
            RepositoryStatus.class.getName(),
            AccessPolicyStatus.class.getName());
    return DescribedPredicate.describe(
        "make a status",
        caller ->
            caller.getMethodCallsFromSelf().stream()
                .anyMatch(
                    call ->
                        statuses.contains(call.getTargetOwner().getName())
                            && call.getName().equals("builder")));
  }
}
