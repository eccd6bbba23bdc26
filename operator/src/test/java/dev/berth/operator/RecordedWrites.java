package dev.berth.operator;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Every request of the operator's own client that is no mere look, whether it changes anything. */
@Singleton
final class RecordedWrites implements Interceptor {
  private final List<String> writes = new CopyOnWriteArrayList<>();

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    if (!request.method().equals("GET")) {
      writes.add(request.method() + " " + request.uri().getPath());
    }
  }

  /** Those to objects of a namespace, as {@code METHOD PATH}. */
  List<String> in(String namespace) {
    String part = "/namespaces/" + namespace + "/";
    return writes.stream().filter(write -> write.contains(part)).toList();
  }
}
