package dev.berth.embedded.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.Json;
import java.util.Set;

/** Answers of the review APIs: whoever reaches the embedded API is its administrator. */
final class AccessReviews {
  private static final Set<String> REVIEWS =
      Set.of(
          "selfsubjectaccessreviews",
          "subjectaccessreviews",
          "localsubjectaccessreviews",
          "selfsubjectrulesreviews",
          "tokenreviews",
          "selfsubjectreviews");
  private static final String USER = "berth-admin";

  private AccessReviews() {}

  static boolean isReview(ApiPath path) {
    return (path.group().equals("authorization.k8s.io")
            || path.group().equals("authentication.k8s.io"))
        && REVIEWS.contains(path.plural());
  }

  /** The review with its status. */
  static ObjectNode answer(ApiPath path, ObjectNode review) {
    ObjectNode status = Json.object();
    switch (path.plural()) {
      case "selfsubjectrulesreviews" -> {
        ObjectNode rule = status.putArray("resourceRules").addObject();
        rule.putArray("verbs").add("*");
        rule.putArray("apiGroups").add("*");
        rule.putArray("resources").add("*");
        ObjectNode urls = status.putArray("nonResourceRules").addObject();
        urls.putArray("verbs").add("*");
        urls.putArray("nonResourceURLs").add("*");
        status.put("incomplete", false);
      }
      case "tokenreviews" -> {
        status.put("authenticated", true);
        user(status.putObject("user"));
      }
      case "selfsubjectreviews" -> user(status.putObject("userInfo"));
      default -> status.put("allowed", true);
    }
    ObjectNode answer = review.deepCopy();
    answer.set("status", status);
    return answer;
  }

  private static void user(ObjectNode user) {
    user.put("username", USER).putArray("groups").add("system:masters");
  }
}
