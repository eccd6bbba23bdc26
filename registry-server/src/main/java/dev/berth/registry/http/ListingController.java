package dev.berth.registry.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.policy.Action;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.content.Contents;
import dev.berth.registry.metadata.Manifests.Referrer;
import dev.berth.registry.metadata.Manifests.Referrers;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.MediaTypes;
import dev.berth.registry.oci.RepositoryName;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Head;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** end-8, end-12: the tags of a repository, and what refers to a manifest. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces(MediaType.ALL)
final class ListingController {
  private static final String TAGS = "/v2/{+name}/tags/list";
  private static final String REFERRERS = "/v2/{+name}/referrers/{digest}";

  private final Gate gate;
  private final Contents contents;
  private final int maxPageSize;

  ListingController(Gate gate, Contents contents, RegistryConfiguration configuration) {
    this.gate = gate;
    this.contents = contents;
    this.maxPageSize = configuration.limits().pageSize();
  }

  record TagList(String name, List<String> tags) {}

  @Get(uri = TAGS, headRoute = false)
  HttpResponse<byte[]> tags(HttpRequest<?> request, String name) {
    RepositoryName repository = gate.pass(request, name, Action.PULL);
    Page page = Page.of(request, maxPageSize);
    List<String> tags = contents.tags(repository, page.last(), page.probe());
    MutableHttpResponse<byte[]> response =
        Answer.of(
            request,
            HttpStatus.OK,
            MediaType.APPLICATION_JSON,
            Json.bytes(new TagList(repository.value(), page.cut(tags))));
    if (tags.size() > page.size()) {
      page.link(response, "/v2/" + repository + "/tags/list", tags.get(page.size() - 1), "");
    }
    return response;
  }

  @Head(TAGS)
  HttpResponse<byte[]> headOfTags(HttpRequest<?> request, String name) {
    return tags(request, name);
  }

  record Index(int schemaVersion, String mediaType, List<Entry> manifests) {}

  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Entry(
      String mediaType,
      String digest,
      long size,
      @Nullable String artifactType,
      Map<String, String> annotations) {
    static Entry of(Referrer referrer) {
      return new Entry(
          referrer.mediaType(),
          referrer.digest().toString(),
          referrer.size(),
          referrer.artifactType(),
          referrer.annotations());
    }
  }

  @Head(REFERRERS)
  HttpResponse<byte[]> headOfReferrers(
      HttpRequest<?> request,
      String name,
      String digest,
      @Nullable @QueryValue String artifactType) {
    return referrers(request, name, digest, artifactType);
  }

  @Get(uri = REFERRERS, headRoute = false)
  HttpResponse<byte[]> referrers(
      HttpRequest<?> request,
      String name,
      String digest,
      @Nullable @QueryValue String artifactType) {
    RepositoryName repository = gate.pass(request, name, Action.PULL);
    Digest subject = Digest.parse(digest);
    Page page = Page.of(request, maxPageSize);
    Referrers found =
        contents.referrers(repository, subject, artifactType, page.last(), page.size());
    MutableHttpResponse<byte[]> response =
        Answer.of(
            request,
            HttpStatus.OK,
            MediaTypes.OCI_INDEX,
            Json.bytes(
                new Index(
                    2, MediaTypes.OCI_INDEX, found.entries().stream().map(Entry::of).toList())));
    String filter = "";
    if (artifactType != null) {
      response.header(Answer.FILTERS_APPLIED, "artifactType");
      filter = "&artifactType=" + URLEncoder.encode(artifactType, StandardCharsets.UTF_8);
    }
    if (found.more()) {
      String last = found.entries().getLast().digest().toString();
      page.link(response, "/v2/" + repository + "/referrers/" + subject, last, filter);
    }
    return response;
  }
}
