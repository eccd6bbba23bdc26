package dev.berth.registry.observe;

import dev.berth.registry.identity.Caller;
import io.micronaut.context.propagation.slf4j.MdcPropagationContext;
import io.micronaut.core.order.Ordered;
import io.micronaut.core.propagation.MutablePropagatedContext;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives every request an id, times it, and writes one line for each that changes something or is
 * refused. Headers and queries are not logged: they hold credentials.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class RequestLog implements Ordered {
  private static final Logger LOG = LoggerFactory.getLogger("dev.berth.access");
  private static final String BEGAN = "berth.began";
  private static final String ID = "berth.request-id";
  private static final int LONGEST_PATH = 512;

  private final RequestMetrics metrics;
  private final AuditLog audit;

  RequestLog(RequestMetrics metrics, AuditLog audit) {
    this.metrics = metrics;
    this.audit = audit;
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE + 100;
  }

  @RequestFilter
  void began(HttpRequest<?> request, MutablePropagatedContext context) {
    String id = RequestId.of(request.getHeaders().get(RequestId.HEADER));
    request.setAttribute(ID, id);
    request.setAttribute(BEGAN, System.nanoTime());
    context.add(new MdcPropagationContext(Map.of("requestId", id)));
    metrics.began(RouteGroup.of(request.getPath()));
  }

  @ResponseFilter
  void ended(HttpRequest<?> request, MutableHttpResponse<?> response) {
    request.getAttribute(ID, String.class).ifPresent(id -> response.header(RequestId.HEADER, id));
    long nanos =
        System.nanoTime() - request.getAttribute(BEGAN, Long.class).orElseGet(System::nanoTime);
    int status = response.code();
    metrics.ended(
        RouteGroup.of(request.getPath()), request.getMethodName(), status, Math.max(0, nanos));
    audit.ended(request, response);
    if (status >= 400 || isWrite(request)) {
      write(request, response, nanos);
    }
  }

  private static boolean isWrite(HttpRequest<?> request) {
    return switch (request.getMethod()) {
      case PUT, POST, PATCH, DELETE -> true;
      default -> false;
    };
  }

  private static void write(HttpRequest<?> request, HttpResponse<?> response, long nanos) {
    String path = request.getPath();
    Caller caller = request.getAttribute(Caller.ATTRIBUTE, Caller.class).orElse(Caller.ANONYMOUS);
    LOG.atInfo()
        .addKeyValue("method", request.getMethodName())
        .addKeyValue("path", path.substring(0, Math.min(path.length(), LONGEST_PATH)))
        .addKeyValue("status", response.code())
        .addKeyValue("bytes", Math.max(0, request.getContentLength()))
        .addKeyValue("caller", caller.isAnonymous() ? "-" : caller.name())
        .addKeyValue("milliseconds", TimeUnit.NANOSECONDS.toMillis(nanos))
        .log("request");
  }
}
