package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.Grammar;
import dev.berth.api.v1alpha1.SecretRef;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A receiver of webhooks. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NotificationSpec(
    @Required
        @Size(min = 1, max = 63)
        @Pattern(Grammar.NAMESPACE_NAME)
        @JsonPropertyDescription("Name of the receiver, once in the list.")
        String name,
    @Required
        @Size(min = 1, max = 2048)
        @Pattern(Grammar.HTTP_URL)
        @JsonPropertyDescription("Where the webhook is sent by POST.")
        String url,
    @Size(max = 3) @JsonPropertyDescription("What is told. Default: Push and Delete.")
        List<NotificationEvent> events,
    @Size(max = 64)
        @JsonPropertyDescription(
            "Which repositories it is told of: one (a/b), every one below a path (a/**) or "
                + "every one (**). Default: every one.")
        List<@Size(min = 1, max = 255) @Pattern(Grammar.PATH_PATTERN) String> repositories,
    @Default("CloudEvents")
        @JsonPropertyDescription(
            "CloudEvents, or Distribution for the envelope of registry:2. Default: "
                + "CloudEvents.")
        NotificationFormat format,
    @JsonPropertyDescription(
            "Secret with the key hmac, which signs each webhook. Default: not signed.")
        @Nullable SecretRef secretRef) {

  /** Puts the documented defaults in place of what is absent. */
  public NotificationSpec {
    events = requireNonNullElse(events, List.of());
    repositories = requireNonNullElse(repositories, List.of());
    format = requireNonNullElse(format, NotificationFormat.CLOUD_EVENTS);
  }
}
