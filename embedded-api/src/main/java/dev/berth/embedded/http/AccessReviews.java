package dev.berth.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.authorization.Action;
import dev.berth.embedded.authorization.Authorizer;
import dev.berth.embedded.authorization.Subject;
import dev.berth.embedded.resource.ApiPath;
import dev.berth.embedded.resource.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Answers of the review APIs: who somebody is, and what they may do. */
final class AccessReviews {
  private static final Set<String> REVIEWS =
      Set.of(
          "selfsubjectaccessreviews",
          "subjectaccessreviews",
          "localsubjectaccessreviews",
          "selfsubjectrulesreviews",
          "tokenreviews",
          "selfsubjectreviews");

  private final Authorizer authorizer;

  AccessReviews(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  static boolean isReview(ApiPath path) {
    return (path.group().equals("authorization.k8s.io")
            || path.group().equals("authentication.k8s.io"))
        && REVIEWS.contains(path.plural());
  }

  /** The review with its status. */
  ObjectNode answer(ApiPath path, ApiRequest request) {
    ObjectNode review = request.bodyObject();
    JsonNode spec = review.path("spec");
    ObjectNode status = Json.object();
    switch (path.plural()) {
      case "selfsubjectrulesreviews" ->
          status = authorizer.review(request.subject(), spec.path("namespace").asText());
      case "tokenreviews" -> {
        status.put("authenticated", true);
        describe(status.putObject("user"), Subject.ADMINISTRATOR);
      }
      case "selfsubjectreviews" -> describe(status.putObject("userInfo"), request.subject());
      case "selfsubjectaccessreviews" ->
          status.put("allowed", authorizer.allows(request.subject(), action(spec)));
      default -> status.put("allowed", authorizer.allows(subject(spec), action(spec)));
    }
    ObjectNode answer = review.deepCopy();
    answer.set("status", status);
    return answer;
  }

  private static Subject subject(JsonNode spec) {
    List<String> groups = new ArrayList<>();
    spec.path("groups").forEach(group -> groups.add(group.asText()));
    return new Subject(spec.path("user").asText(), groups);
  }

  private static Action action(JsonNode spec) {
    JsonNode resource = spec.path("resourceAttributes");
    if (resource.isMissingNode()) {
      JsonNode path = spec.path("nonResourceAttributes");
      return new Action(path.path("verb").asText(), "", "", "", "", path.path("path").asText());
    }
    String subresource = resource.path("subresource").asText();
    String plural = resource.path("resource").asText();
    return new Action(
        resource.path("verb").asText(),
        resource.path("group").asText(),
        subresource.isEmpty() ? plural : plural + "/" + subresource,
        resource.path("namespace").asText(),
        resource.path("name").asText(),
        "");
  }

  private static void describe(ObjectNode user, Subject subject) {
    user.put("username", subject.user());
    subject.groups().forEach(user.putArray("groups")::add);
  }
}
