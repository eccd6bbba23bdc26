package dev.berth.quickstart.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.quickstart.node.RolloutPlan.Sized;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutPlanTest {

  @Test
  void growsTheNewByTheSurgeBeforeAnythingShrinks() {
    RolloutPlan plan = RolloutPlan.rolling(4, 1, 0, new Sized(0, 0), List.of(new Sized(4, 4)));

    assertThat(plan).isEqualTo(new RolloutPlan(1, List.of(4)));
  }

  @Test
  void shrinksTheOldAsTheNewBecomesAvailable() {
    RolloutPlan plan = RolloutPlan.rolling(4, 1, 0, new Sized(1, 1), List.of(new Sized(4, 4)));

    assertThat(plan).isEqualTo(new RolloutPlan(1, List.of(3)));
  }

  @Test
  void takesDownAsManyAsMayBeUnavailableAtOnce() {
    RolloutPlan plan = RolloutPlan.rolling(4, 0, 2, new Sized(0, 0), List.of(new Sized(4, 4)));

    assertThat(plan).isEqualTo(new RolloutPlan(0, List.of(2)));
  }

  @Test
  void removesOldPodsThatDoNotServeFirst() {
    RolloutPlan plan =
        RolloutPlan.rolling(2, 1, 0, new Sized(1, 0), List.of(new Sized(1, 0), new Sized(2, 2)));

    assertThat(plan.others()).containsExactly(0, 2);
  }

  @Test
  void scalesDownWithoutARollout() {
    RolloutPlan plan = RolloutPlan.rolling(1, 1, 0, new Sized(3, 3), List.of());

    assertThat(plan).isEqualTo(new RolloutPlan(1, List.of()));
  }
}
