package dev.berth.operator.pullsecrets;

import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.operator.kubernetes.Labels;
import dev.berth.operator.policy.KeptCopy;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.policy.PullCredentials;
import dev.berth.policy.PullCredential;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The Secret that one namespace gets of one AccessPolicy. */
public final class PullSecretCopy {

  /** Its value is the AccessPolicy's uid: whose the copy is, and of no namesake. */
  public static final String LABEL = "berth.dev/pull-secret";

  /** Selects copies, and nothing that the operator did not make. */
  static final String SELECTOR = Labels.MANAGED_SELECTOR + "," + LABEL;

  /** For people who find the Secret. */
  static final String POLICY = "berth.dev/access-policy";

  static final String GENERATION = "berth.dev/pull-secret-generation";

  private PullSecretCopy() {}

  /** The copy as it should be; the same arguments give an equal one. */
  static Secret render(
      AccessPolicy policy,
      String name,
      String namespace,
      long generation,
      PullCredentials credentials) {
    String uid = policy.getMetadata().getUid();
    String key = ObjectKey.of(policy).toString();
    return new SecretBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .withLabels(Map.of(Labels.MANAGED_BY, Labels.OPERATOR, LABEL, uid))
        .withAnnotations(Map.of(POLICY, key, GENERATION, Long.toString(generation)))
        .endMetadata()
        .withType(PullCredentials.SECRET_TYPE)
        .addToData(
            PullCredentials.SECRET_DATA,
            credentials.dockerConfig(new PullCredential(key, namespace), uid, generation))
        .build();
  }

  /** Whether a copy says what it should; what others added to it is theirs. */
  static boolean isAs(Secret copy, Secret wanted) {
    return Objects.equals(copy.getType(), wanted.getType())
        && Objects.equals(data(copy), data(wanted))
        && has(copy.getMetadata().getLabels(), wanted.getMetadata().getLabels())
        && has(copy.getMetadata().getAnnotations(), wanted.getMetadata().getAnnotations());
  }

  private static @Nullable String data(Secret secret) {
    return secret.getData() == null ? null : secret.getData().get(PullCredentials.SECRET_DATA);
  }

  private static boolean has(@Nullable Map<String, String> map, Map<String, String> wanted) {
    return map != null && map.entrySet().containsAll(wanted.entrySet());
  }

  /** Index of copies. */
  public static List<String> uidOf(Secret secret) {
    Map<String, String> labels = secret.getMetadata().getLabels();
    String uid = labels == null ? null : labels.get(LABEL);
    return uid == null ? List.of() : List.of(uid);
  }

  /** What a copy tells of itself. */
  public static KeptCopy read(Secret copy) {
    Instant made = time(copy.getMetadata().getCreationTimestamp());
    List<ManagedFieldsEntry> own = copy.getMetadata().getManagedFields();
    return new KeptCopy(
        copy.getMetadata().getNamespace(),
        copy.getMetadata().getName(),
        generation(copy.getMetadata().getAnnotations()),
        made,
        Stream.concat(
                Stream.of(made),
                own == null
                    ? Stream.of()
                    : own.stream().map(ManagedFieldsEntry::getTime).map(PullSecretCopy::time))
            .max(Comparator.naturalOrder())
            .orElse(made));
  }

  private static long generation(@Nullable Map<String, String> annotations) {
    String text = annotations == null ? null : annotations.get(GENERATION);
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static Instant time(@Nullable String text) {
    try {
      return text == null ? Instant.EPOCH : Instant.parse(text);
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }
}
