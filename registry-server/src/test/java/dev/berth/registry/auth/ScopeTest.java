package dev.berth.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.policy.Action;
import dev.berth.registry.oci.RepositoryName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScopeTest {
  @Test
  void scopesAreReadFromSeveralParametersAndFromOne() {
    assertThat(
            Scope.parse(
                List.of(
                    "repository:a/b:pull,push repository:c:delete",
                    "repository:a/b:pull",
                    "repository:d:*")))
        .containsOnly(
            Map.entry(new RepositoryName("a/b"), Set.of(Action.PULL, Action.PUSH)),
            Map.entry(new RepositoryName("c"), Set.of(Action.DELETE)),
            Map.entry(new RepositoryName("d"), Set.of(Action.values())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "repository",
        "repository:",
        "repository:a",
        "repository::pull",
        ":::",
        "registry:catalog:*",
        "repository:../etc:pull",
        "repository:A:pull",
        "repository(plugin):a:pull",
        "repository:a\u0000b:pull",
      })
  void whatNamesNoRepositoryGrantsNothing(String scope) {
    assertThat(Scope.parse(List.of(scope))).isEmpty();
  }

  @Test
  void theCatalogIsAskedForByName() {
    assertThat(Scope.namesCatalog(List.of("repository:a:pull registry:catalog:*"))).isTrue();
    assertThat(Scope.namesCatalog(List.of("registry:catalog:pull", "repository:catalog:*")))
        .isFalse();
  }

  @Test
  void unknownActionsAreLeftOut() {
    assertThat(Scope.parse(List.of("repository:a:pull,fly,PUSH")))
        .containsOnly(Map.entry(new RepositoryName("a"), Set.of(Action.PULL)));
  }
}
