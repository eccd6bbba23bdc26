package dev.berth.registry.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.registry.observe.StorageMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** The metrics as Prometheus reads them. */
@Controller("/metrics")
@ExecuteOn(TaskExecutors.BLOCKING)
final class MetricsController {
  private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry;
  private final StorageMetrics storage;

  MetricsController(PrometheusMeterRegistry registry, StorageMetrics storage) {
    this.registry = registry;
    this.storage = storage;
  }

  @Get
  HttpResponse<byte[]> scrape() {
    storage.refresh();
    return HttpResponse.ok(registry.scrape(TEXT_FORMAT).getBytes(UTF_8))
        .header(HttpHeaders.CONTENT_TYPE, TEXT_FORMAT);
  }
}
