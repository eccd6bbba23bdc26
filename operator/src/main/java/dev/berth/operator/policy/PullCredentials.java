package dev.berth.operator.policy;

import dev.berth.policy.PullCredential;
import java.util.Base64;
import java.util.List;

/**
 * What a Registry's pull secrets are made of.
 *
 * @param key base64 of the key that their passwords follow from
 * @param hosts that clients name in image references, with their ports
 */
public record PullCredentials(String key, List<String> hosts) {

  /** The password of one namespace's copy. */
  public String password(PullCredential credential, String uid, long generation) {
    return credential.password(Base64.getDecoder().decode(key), uid, generation);
  }

  @Override
  public String toString() {
    return "PullCredentials[hosts=" + hosts + "]";
  }
}
