package dev.berth.operator.policy;

import dev.berth.policy.PullCredential;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a Registry's pull secrets are made of.
 *
 * @param key base64 of the key that their passwords follow from
 * @param hosts that clients name in image references, with their ports
 */
public record PullCredentials(String key, List<String> hosts) {
  public static final String SECRET_TYPE = "kubernetes.io/dockerconfigjson";
  public static final String SECRET_DATA = ".dockerconfigjson";

  /** The password of one namespace's copy. */
  public String password(PullCredential credential, String uid, long generation) {
    return credential.password(Base64.getDecoder().decode(key), uid, generation);
  }

  /** What a Secret of {@link #SECRET_TYPE} holds below {@link #SECRET_DATA}, for every host. */
  public String dockerConfig(PullCredential credential, String uid, long generation) {
    String password = password(credential, uid, generation);
    String both = credential.username() + ":" + password;
    Map<String, String> login = new TreeMap<>();
    login.put("username", credential.username());
    login.put("password", password);
    login.put("auth", Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)));
    Map<String, Object> auths = new TreeMap<>();
    hosts.forEach(host -> auths.put(host, login));
    String config = Serialization.asJson(Map.of("auths", auths));
    return Base64.getEncoder().encodeToString(config.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "PullCredentials[hosts=" + hosts + "]";
  }
}
