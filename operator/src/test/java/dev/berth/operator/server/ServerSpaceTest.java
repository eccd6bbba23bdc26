package dev.berth.operator.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.policy.ObjectKey;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** Which answers of a server are news to whom. */
@NullUnmarked // a null is a failed test
class ServerSpaceTest {
  private static final ObjectKey APP = new ObjectKey("team", "app");

  @Test
  void whatWasPushedIsNewsToTheRepositoryAlone() {
    // Given
    ServerSpace before = space(app(1, "2026-06-01T00:00:00Z"), null);

    // When
    ServerSpace now = space(app(2, "2026-06-01T00:00:00Z"), null).after(before);

    // Then
    assertThat(now.repositoriesWithNews(before)).containsExactly(APP);
    assertThat(now.isNews(before)).isFalse();
    assertThat(now.repositoriesWithNews(null)).containsExactly(APP);
  }

  @Test
  void pullsAreNewsOnceAQuarterOfAnHour() {
    // Given
    ServerSpace first = space(app(1, "2026-06-01T00:00:00Z"), null);

    // When
    ServerSpace soon = space(app(1, "2026-06-01T00:10:00Z"), null).after(first);
    ServerSpace later = space(app(1, "2026-06-01T00:15:00Z"), null).after(soon);

    // Then
    assertThat(soon.repositoriesWithNews(first)).isEmpty();
    assertThat(later.repositoriesWithNews(soon)).containsExactly(APP);
    assertThat(later.holdings().get("team/app").lastPullAt()).isEqualTo("2026-06-01T00:15:00Z");
  }

  @Test
  void theFirstPullIsNewsAndATimeThatIsNoneIsNot() {
    // Given
    ServerSpace never = space(app(1, null), null);

    // When, Then
    assertThat(space(app(1, "2026-06-01T00:00:00Z"), null).after(never).repositoriesWithNews(never))
        .containsExactly(APP);
    assertThat(space(app(1, "yesterday"), null).after(never).repositoriesWithNews(never)).isEmpty();
  }

  @Test
  void whatTheDefaultsDeleteIsNewsToTheRegistry() {
    // Given
    ServerSpace before = space(app(1, null), null);

    // When
    ServerSpace now =
        space(
                app(1, null),
                new ServerRetention(null, "5b1c", null, 0, true, false, "it waits", null))
            .after(before);

    // Then
    assertThat(now.isNews(before)).isTrue();
    assertThat(now.repositoriesWithNews(before)).isEmpty();
  }

  private static ServerSpace space(ServerHolding app, ServerRetention ofDefaults) {
    return new ServerSpace(
        new ServerUsage(1, 1, 1, 1, 1, null, null),
        null,
        Map.of("team/app", app, "", new ServerHolding("", 0, 0, 0, 0, 0, null, null, ofDefaults)));
  }

  private static ServerHolding app(long tags, String pulled) {
    return new ServerHolding("team/app", 1, tags, 1, 1, 1, null, pulled, null);
  }
}
