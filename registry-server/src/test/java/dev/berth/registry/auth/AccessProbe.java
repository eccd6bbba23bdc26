package dev.berth.registry.auth;

import dev.berth.policy.Action;
import dev.berth.registry.oci.RepositoryName;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.Locale;

/**
 * Asks the access control as the registry's endpoints do; no repository's name begins like this.
 */
@Controller("/v2/_probe")
@ExecuteOn(TaskExecutors.BLOCKING)
final class AccessProbe {
  private final AccessControl access;

  AccessProbe(AccessControl access) {
    this.access = access;
  }

  @Get
  String caller(HttpRequest<?> request) {
    return String.valueOf(access.authenticate(request).name());
  }

  @Get("/repository")
  String repository(HttpRequest<?> request, @QueryValue String name, @QueryValue String action) {
    return String.valueOf(
        access
            .require(
                request, new RepositoryName(name), Action.valueOf(action.toUpperCase(Locale.ROOT)))
            .name());
  }
}
