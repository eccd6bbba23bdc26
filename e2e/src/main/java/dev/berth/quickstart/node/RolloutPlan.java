package dev.berth.quickstart.node;

import java.util.ArrayList;
import java.util.List;

/**
 * The next sizes of a Deployment's ReplicaSets in a rolling update: never more pods than replicas
 * and surge, never fewer available ones than replicas less maxUnavailable.
 *
 * @param current the new size of the ReplicaSet of the current template
 * @param others the new sizes of the others, in the order they were given
 */
record RolloutPlan(int current, List<Integer> others) {

  /**
   * One ReplicaSet as it is.
   *
   * @param size what its specification asks for
   * @param available how many of its pods serve
   */
  record Sized(int size, int available) {}

  static RolloutPlan rolling(
      int replicas, int maxSurge, int maxUnavailable, Sized current, List<Sized> others) {
    int total = current.size() + others.stream().mapToInt(Sized::size).sum();
    int target = current.size();
    if (target > replicas) {
      target = replicas;
    } else {
      target = Math.min(replicas, target + Math.max(0, replicas + maxSurge - total));
    }
    return new RolloutPlan(target, shrunk(replicas, maxUnavailable, current, others));
  }

  private static List<Integer> shrunk(
      int replicas, int maxUnavailable, Sized current, List<Sized> others) {
    int minimum = replicas - maxUnavailable;
    List<Integer> sizes = new ArrayList<>(others.stream().map(Sized::size).toList());
    // What does not serve anyway goes first: it costs nothing and unblocks a stuck rollout.
    for (int i = 0; i < sizes.size(); i++) {
      sizes.set(i, Math.min(sizes.get(i), others.get(i).available()));
    }
    int available = current.available() + others.stream().mapToInt(Sized::available).sum();
    int spare = Math.max(0, available - minimum);
    for (int i = 0; i < sizes.size() && spare > 0; i++) {
      int removed = Math.min(spare, sizes.get(i));
      sizes.set(i, sizes.get(i) - removed);
      spare -= removed;
    }
    return List.copyOf(sizes);
  }
}
