package dev.berth.operator.podimages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
  private static final String DIGEST = "sha256:" + "0a".repeat(32);

  @ParameterizedTest
  @CsvSource({
    "Registry.example.com/app:1, registry.example.com",
    "registry.example.com:443/team/app, registry.example.com",
    "localhost/app, localhost",
    "localhost:5000/app:1, localhost:5000",
    "[2001:DB8::1]:5000/app, [2001:db8::1]:5000",
    "docker-pullable://registry.example.com/app@sha256:00, registry.example.com"
  })
  void theHostIsWhatLooksLikeOneBeforeTheFirstSlash(String text, String host) {
    assertThat(ImageReference.of(text).host()).contains(host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nginx", "library/nginx", "nginx:1.27", "sha256:00", "a@b"})
  void withoutAHostNoneIsNamed(String text) {
    assertThat(ImageReference.of(text).host()).isEmpty();
    assertThat(ImageReference.of(text).digest()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@",
        "docker://",
        "nginx@",
        "nginx:1@",
        "registry.example.com:5000/app:1@",
        "docker-pullable://registry.example.com/app@"
      })
  void theDigestIsTheEndOfANameOrOfAnId(String before) {
    assertThat(ImageReference.of(before + DIGEST).digest()).contains(DIGEST);
    assertThat(ImageReference.of(DIGEST).digest()).contains(DIGEST);
  }

  @Test
  void aDigestMayBeALongerOne() {
    String longer = "sha512:" + "0a".repeat(64);

    assertThat(ImageReference.of("registry.example.com/app:1@" + longer).digest()).contains(longer);
    assertThat(ImageReference.of(longer).digest()).contains(longer);
    assertThat(ImageReference.of("app@sha512:" + "0a".repeat(32)).digest()).isEmpty();
  }

  @Test
  void whatIsNoDigestOrNoNameAtAllIsNothing() {
    assertThat(ImageReference.of("app@" + DIGEST + "0").digest()).isEmpty();
    assertThat(ImageReference.of("app@" + DIGEST.toUpperCase(Locale.ROOT)).digest()).isEmpty();
    assertThat(ImageReference.of("app@x" + DIGEST).digest()).isEmpty();
    assertThat(ImageReference.of("a.b/" + "x".repeat(100_000) + "@" + DIGEST))
        .isEqualTo(ImageReference.of(""));
  }
}
