package dev.berth.registry.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.berth.registry.auth.AccessControl;
import dev.berth.registry.auth.Pullable;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.content.Catalog;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Head;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import java.util.Locale;

/**
 * What docker's clients search with: two paths that are left of the registry's first API. Podman
 * asks here without credentials, and turns to the catalog when it is told to send some.
 */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces(MediaType.ALL)
final class SearchController {
  private static final String PING = "/v1/_ping";
  private static final String SEARCH = "/v1/search";

  /** Makes docker send its password with every request, not only where it is asked to. */
  private static final String STANDALONE = "X-Docker-Registry-Standalone";

  private final AccessControl access;
  private final Catalog catalog;
  private final int maxPageSize;

  SearchController(AccessControl access, Catalog catalog, RegistryConfiguration configuration) {
    this.access = access;
    this.catalog = catalog;
    this.maxPageSize = configuration.limits().pageSize();
  }

  record Ping(boolean standalone) {}

  @Head(PING)
  HttpResponse<byte[]> headOfPing(HttpRequest<?> request) {
    return ping(request);
  }

  @Get(uri = PING, headRoute = false)
  HttpResponse<byte[]> ping(HttpRequest<?> request) {
    return Answer.of(request, HttpStatus.OK, MediaType.APPLICATION_JSON, Json.bytes(new Ping(true)))
        .header(STANDALONE, "true");
  }

  record Found(
      String query,
      @JsonProperty("num_results") int count,
      @JsonProperty("results") List<Entry> entries) {}

  /** A repository, in the words of a hub: nobody rates or describes any here. */
  record Entry(
      String name,
      String description,
      @JsonProperty("star_count") int stars,
      @JsonProperty("is_official") boolean official,
      @JsonProperty("is_automated") boolean automated,
      @JsonProperty("is_trusted") boolean trusted) {
    static Entry of(String name) {
      return new Entry(name, "", 0, false, false, false);
    }
  }

  @Head(SEARCH)
  HttpResponse<byte[]> headOfSearch(HttpRequest<?> request) {
    return search(request);
  }

  @Get(uri = SEARCH, headRoute = false)
  HttpResponse<byte[]> search(HttpRequest<?> request) {
    Pullable visible = access.searchable(request);
    int limit = Page.of(request, maxPageSize).size();
    String text = request.getParameters().get("q", String.class, "").strip();
    List<Entry> entries =
        catalog.search(visible, text.toLowerCase(Locale.ROOT), limit).stream()
            .map(Entry::of)
            .toList();
    return Answer.of(
        request,
        HttpStatus.OK,
        MediaType.APPLICATION_JSON,
        Json.bytes(new Found(text, entries.size(), entries)));
  }
}
