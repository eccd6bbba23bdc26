package dev.berth.registry.http;

import dev.berth.registry.oci.Manifest;
import io.micronaut.http.MutableHttpResponse;
import java.util.List;

/**
 * What a client should tell its user, although the request was done.
 *
 * @param text without quotation marks
 * @see <a
 *     href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md#warnings">Warnings</a>
 */
record Warning(String text) {

  /** Adds one where a manifest was pushed before what it refers to. */
  static void ofMissing(List<Manifest.Link> missing, MutableHttpResponse<?> response) {
    if (!missing.isEmpty()) {
      Manifest.Link first = missing.getFirst();
      String what = first.kind() == Manifest.Kind.MANIFEST ? "manifest " : "blob ";
      String others = missing.size() == 1 ? "" : " and " + (missing.size() - 1) + " more";
      new Warning(
              "the repository does not have "
                  + what
                  + first.digest()
                  + others
                  + " that this manifest refers to: it cannot be pulled before they are pushed")
          .addTo(response);
    }
  }

  void addTo(MutableHttpResponse<?> response) {
    response.header("Warning", "299 - \"" + text + '"');
  }
}
