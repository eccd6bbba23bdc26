package dev.berth.operator;

import dev.berth.embedded.authorization.Action;
import dev.berth.operator.kubernetes.Labels;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** What the operator asks the Kubernetes API for, and what it is refused. */
final class Requests implements Interceptor {
  private static final int CREATED = 201;
  private static final int FORBIDDEN = 403;
  private static final Set<String> LISTS = Set.of("list", "watch");

  private final Set<Asked> asked = ConcurrentHashMap.newKeySet();
  private final Set<Action> refused = ConcurrentHashMap.newKeySet();

  /** An action, and by which labels a list or watch selects. */
  record Asked(Action action, String labelSelector) {

    /** All Secrets at once, where it may see only those that it made, or that a spec names. */
    boolean readsSecretsOfOthers() {
      return action.resource().equals("secrets")
          && LISTS.contains(action.verb())
          // Every requirement of a selector narrows it.
          && !List.of(labelSelector.split(",", -1)).contains(Labels.MANAGED_SELECTOR);
    }
  }

  Set<Asked> asked() {
    return Set.copyOf(asked);
  }

  /** Answered with 403, for want of a right or for another reason. */
  Set<Action> refused() {
    return Set.copyOf(refused);
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    asked.add(decode(request));
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    Asked answered = decode(request);
    if (response.code() == FORBIDDEN) {
      refused.add(answered.action());
    }
    // An apply that makes the object needs the right to create it as well.
    if (response.code() == CREATED && answered.action().verb().equals("patch")) {
      asked.add(new Asked(answered.action().asCreate(), ""));
    }
  }

  @Override
  public CompletableFuture<Boolean> afterFailure(
      HttpRequest.Builder builder, HttpResponse<?> response, RequestTags tags) {
    if (response.code() == FORBIDDEN) {
      refused.add(decode(response.request()).action());
    }
    return CompletableFuture.completedFuture(false);
  }

  private static Asked decode(HttpRequest request) {
    QueryStringDecoder uri = new QueryStringDecoder(request.uri());
    List<String> segments =
        Arrays.stream(uri.path().split("/", -1)).filter(segment -> !segment.isEmpty()).toList();
    return new Asked(
        Action.of(request.method(), segments, uri.parameters()),
        uri.parameters().getOrDefault("labelSelector", List.of("")).getFirst());
  }
}
