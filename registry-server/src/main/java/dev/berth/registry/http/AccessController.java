package dev.berth.registry.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.policy.Action;
import dev.berth.registry.auth.AccessControl;
import dev.berth.registry.auth.Decision;
import dev.berth.registry.auth.PolicyInForce;
import dev.berth.registry.identity.Caller;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.RepositoryName;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells a caller what the policy in force lets it do in a repository, and which object says so. A
 * token narrows that for the requests that it is sent with, and not here.
 */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces(MediaType.ALL)
final class AccessController {
  private final AccessControl access;
  private final PolicyInForce policy;

  AccessController(AccessControl access, PolicyInForce policy) {
    this.access = access;
    this.policy = policy;
  }

  /**
   * What the caller may do.
   *
   * @param caller name; empty: it has no credentials
   * @param kind User, ServiceAccount, PullSecret or Anonymous
   * @param issuer what vouches for the name
   */
  record Rights(
      String caller,
      String kind,
      String issuer,
      String repository,
      String policyRevision,
      List<Right> rights) {}

  /**
   * Of one action.
   *
   * @param grantedBy the AccessPolicy or Repository; null where nothing grants it
   * @param refusal what is lacking; null where it is allowed
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Right(
      String action, boolean allowed, @Nullable String grantedBy, @Nullable String refusal) {}

  @Get(uri = "/v2/_berth/access", headRoute = false)
  HttpResponse<byte[]> get(
      HttpRequest<?> request,
      @Nullable @QueryValue String repository,
      @Nullable @QueryValue String action) {
    Caller caller = access.authenticate(request);
    RepositoryName name = new RepositoryName(repository == null ? "" : repository);
    List<Right> rights = new ArrayList<>();
    for (Action asked : actions(action)) {
      rights.add(right(asked, policy.decide(caller, name, asked)));
    }
    return Answer.of(
        request,
        HttpStatus.OK,
        MediaType.APPLICATION_JSON,
        Json.bytes(
            new Rights(
                caller.name(),
                caller.kind().word(),
                caller.issuer(),
                name.value(),
                policy.revision(),
                rights)));
  }

  private static Right right(Action action, Decision decision) {
    return switch (decision) {
      case Decision.Allowed(String reason) -> new Right(action.word(), true, reason, null);
      case Decision.Refused(String message) -> new Right(action.word(), false, null, message);
    };
  }

  private static List<Action> actions(@Nullable String word) {
    List<Action> all = List.of(Action.values());
    if (word == null) {
      return all;
    }
    List<Action> named = all.stream().filter(action -> action.word().equals(word)).toList();
    if (named.isEmpty()) {
      throw new OciException(
          ErrorCode.UNSUPPORTED,
          HttpStatus.BAD_REQUEST.getCode(),
          "action is one of "
              + String.join(", ", all.stream().map(Action::word).toList())
              + ", or left out for all of them",
          Map.of());
    }
    return named;
  }
}
