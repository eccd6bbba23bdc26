package dev.berth.operator.registry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowedHostsTest {

  @ParameterizedTest
  @CsvSource({
    "registry.example.com, registry.example.com, true",
    "registry.example.com, Registry.Example.com, true",
    "registry.example.com, registry.example.com:5000, false",
    "registry.example.com:5000, registry.example.com:5000, true",
    "registry.example.com, evil-registry.example.com, false",
    "*.example.com, a.b.example.com, true",
    "*.example.com, example.com, false",
    "*.example.com, docker.io, false",
    "*, docker.io, true",
  })
  void aHostIsAllowedByAPatternThatIsAllOfIt(String pattern, String host, boolean allowed) {
    assertThat(new AllowedHosts(List.of("other.example", pattern)).allows(host)).isEqualTo(allowed);
  }

  @Test
  void withoutAnyPatternNoHostIs() {
    assertThat(AllowedHosts.NONE.allows("registry.example.com")).isFalse();
  }

  @Test
  void whatIsNoPatternIsSaidAtOnce() {
    assertThatThrownBy(() -> new AllowedHosts(List.of("[")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
