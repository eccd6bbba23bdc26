package dev.berth.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;

/** The state of a pod in a word. */
final class Pods {
  private Pods() {}

  static String ready(JsonNode pod) {
    int ready = 0;
    for (JsonNode status : pod.at("/status/containerStatuses")) {
      ready += status.path("ready").asBoolean() ? 1 : 0;
    }
    return ready + "/" + pod.at("/spec/containers").size();
  }

  static String restarts(JsonNode pod) {
    int restarts = 0;
    for (JsonNode status : pod.at("/status/containerStatuses")) {
      restarts += status.path("restartCount").asInt();
    }
    return Integer.toString(restarts);
  }

  static String status(JsonNode pod) {
    if (pod.path("metadata").has("deletionTimestamp")) {
      return "Terminating";
    }
    JsonNode status = pod.path("status");
    for (JsonNode container : status.path("initContainerStatuses")) {
      String reason = reason(container);
      if (!reason.isEmpty() && !reason.equals("Completed") && !reason.equals("PodInitializing")) {
        return "Init:" + reason;
      }
    }
    String shown = status.path("reason").asText(status.path("phase").asText("Unknown"));
    for (JsonNode container : status.path("containerStatuses")) {
      String reason = reason(container);
      if (!reason.isEmpty()) {
        shown = reason;
      }
    }
    return shown;
  }

  private static String reason(JsonNode container) {
    JsonNode state = container.path("state");
    String waiting = state.path("waiting").path("reason").asText("");
    return waiting.isEmpty() ? state.path("terminated").path("reason").asText("") : waiting;
  }
}
