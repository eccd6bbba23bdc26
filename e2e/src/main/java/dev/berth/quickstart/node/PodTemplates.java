package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;

/** Pod templates: their hash, and the pods made from them. */
final class PodTemplates {

  static final String HASH_LABEL = "pod-template-hash";

  private static final String SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final int SUFFIX_LENGTH = 5;

  private PodTemplates() {}

  static String hash(PodTemplateSpec template) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(Serialization.asJson(template).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 5);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  static Map<String, String> labels(PodTemplateSpec template) {
    return template.getMetadata() == null ? Map.of() : template.getMetadata().getLabels();
  }

  static PodTemplateSpec labelled(PodTemplateSpec template, String hash) {
    return new PodTemplateSpecBuilder(template)
        .editOrNewMetadata()
        .addToLabels(HASH_LABEL, hash)
        .endMetadata()
        .build();
  }

  /** A pod of the owner, already bound to the one node there is. */
  static Pod pod(HasMetadata owner, PodTemplateSpec template) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(owner.getMetadata().getNamespace())
        .withName(owner.getMetadata().getName() + "-" + suffix())
        .addToLabels(labels(template))
        .addToAnnotations(
            template.getMetadata() == null ? Map.of() : template.getMetadata().getAnnotations())
        .withOwnerReferences(Pods.controller(owner))
        .endMetadata()
        .withNewSpecLike(template.getSpec())
        .withNodeName(NodeOptions.NODE_NAME)
        .endSpec()
        .build();
  }

  private static String suffix() {
    SplittableRandom random = new SplittableRandom();
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < SUFFIX_LENGTH; i++) {
      result.append(SUFFIX_ALPHABET.charAt(random.nextInt(SUFFIX_ALPHABET.length())));
    }
    return result.toString();
  }
}
