package dev.berth.registry.management;

import dev.berth.policy.Canary;
import dev.berth.registry.canary.CanaryPush;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;

/** Stores the image by which nodes prove that they can pull. */
@Controller("/v1/canary")
@ExecuteOn(TaskExecutors.BLOCKING)
final class CanaryController {
  private final CanaryPush canary;

  CanaryController(CanaryPush canary) {
    this.canary = canary;
  }

  /** As often as anybody wants: it is there afterwards. */
  @Post(consumes = MediaType.ALL)
  Stored store() throws IOException {
    return new Stored(Canary.REPOSITORY, canary.push().toString());
  }

  /** Where it is. */
  record Stored(String repository, String digest) {}
}
