package dev.berth.registry.http;

import dev.berth.registry.auth.AccessControl;
import dev.berth.registry.auth.Pullable;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.content.Catalog;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Head;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;

/**
 * Lists repositories, which the specification reserves without describing it: as CNCF distribution
 * does, but only what the caller may pull from.
 */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces(MediaType.ALL)
final class CatalogController {
  private static final String ROUTE = "/v2/_catalog";

  private final AccessControl access;
  private final Catalog catalog;
  private final int maxPageSize;

  CatalogController(AccessControl access, Catalog catalog, RegistryConfiguration configuration) {
    this.access = access;
    this.catalog = catalog;
    this.maxPageSize = configuration.limits().pageSize();
  }

  record Repositories(List<String> repositories) {}

  @Head(ROUTE)
  HttpResponse<byte[]> head(HttpRequest<?> request) {
    return list(request);
  }

  @Get(uri = ROUTE, headRoute = false)
  HttpResponse<byte[]> list(HttpRequest<?> request) {
    Pullable pullable = access.pullable(request);
    Page page = Page.of(request, maxPageSize);
    List<String> names = catalog.page(pullable, page.last(), page.probe());
    MutableHttpResponse<byte[]> response =
        Answer.of(
            request,
            HttpStatus.OK,
            MediaType.APPLICATION_JSON,
            Json.bytes(new Repositories(page.cut(names))));
    if (names.size() > page.size()) {
      page.link(response, ROUTE, names.get(page.size() - 1), "");
    }
    return response;
  }
}
