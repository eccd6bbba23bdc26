package dev.berth.embedded.http;

import dev.berth.embedded.write.StatusException;
import java.util.Optional;

/** Where a watch begins, as its request says. */
record WatchStart(Optional<Long> revision, boolean initialEvents) {

  static WatchStart of(ApiRequest request) {
    try {
      return new WatchStart(
          request.parameter("resourceVersion").map(Long::parseLong),
          request.flag("sendInitialEvents"));
    } catch (NumberFormatException e) {
      throw StatusException.badRequest("resourceVersion must be a number");
    }
  }

  void start(Watch watch) {
    watch.start(revision, initialEvents);
  }
}
