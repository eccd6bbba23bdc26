package dev.berth.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Every request of one operator's own client, on whatever API, as {@code METHOD PATH}. */
@Singleton
final class RecordedCalls implements Interceptor {
  private final List<String> calls = new CopyOnWriteArrayList<>();

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    calls.add(request.method() + " " + request.uri().getPath());
  }

  List<String> all() {
    return List.copyOf(calls);
  }

  /** Those that are no mere look, whether they change anything; reviews are kept nowhere. */
  List<String> writes() {
    return calls.stream()
        .filter(call -> !call.startsWith("GET ") && !call.contains("/apis/authorization.k8s.io/"))
        .toList();
  }

  /** Those to objects of a namespace. */
  List<String> writesIn(String namespace) {
    String part = "/namespaces/" + namespace + "/";
    return writes().stream().filter(write -> write.contains(part)).toList();
  }

  /** Those to one object; others may write it too. */
  List<String> writesTo(HasMetadata object) {
    String end =
        "/%s/%s"
            .formatted(HasMetadata.getPlural(object.getClass()), object.getMetadata().getName());
    return writesIn(object.getMetadata().getNamespace()).stream()
        .filter(write -> write.endsWith(end))
        .toList();
  }
}
