package dev.berth.registry.retention;

import dev.berth.policy.Retention;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/**
 * A folder with a repository, its rules and what is to go, in words: images have names, not
 * digests.
 */
final class Scenario {
  static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  private static final Pattern IMAGE_IN_TAG = Pattern.compile("\\{(.+)}");

  private final Map<String, Object> in;
  private final Map<String, Object> out;
  private final Map<Digest, String> names = new HashMap<>();

  private Scenario(Map<String, Object> in, Map<String, Object> out) {
    this.in = in;
    this.out = out;
  }

  static Scenario read(Path folder) {
    return new Scenario(yaml(folder.resolve("in.yaml")), yaml(folder.resolve("out.yaml")));
  }

  private static Map<String, Object> yaml(Path file) {
    try {
      return new Yaml().load(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RetentionPlan plan() {
    Map<String, Map<String, Object>> manifests = map(in.get("manifests"));
    Map<String, Map<String, Object>> tags = map(in.get("tags"));
    RepositoryContent content =
        new RepositoryContent(
            tags.entrySet().stream().map(e -> tag(e.getKey(), e.getValue())).toList(),
            manifests.entrySet().stream().map(e -> manifest(e.getKey(), e.getValue())).toList());
    List<String> running = words(in.get("running"));
    return RetentionPlanner.plan(
        content,
        new RetentionRules(retention()),
        new Circumstances(
            NOW,
            ago(in.getOrDefault("graceSince", "0h")),
            digest -> running.contains(names.get(digest))));
  }

  private TagCandidate tag(String name, Map<String, Object> fields) {
    return new TagCandidate(
        withDigest(name),
        digest(word(fields.get("image"))),
        ago(fields.get("pushed")),
        perhaps(fields.get("pulled")),
        Boolean.TRUE.equals(fields.get("immutable")));
  }

  private ManifestCandidate manifest(String name, Map<String, Object> fields) {
    Object subject = fields.get("subject");
    return new ManifestCandidate(
        digest(name),
        ago(fields.get("pushed")),
        perhaps(fields.get("pulled")),
        perhaps(fields.get("lost")),
        words(fields.get("children")).stream().map(this::digest).toList(),
        subject == null ? null : digest(word(subject)));
  }

  private Retention retention() {
    List<Retention.Keep> keep =
        Scenario.<List<Map<String, Object>>>as(in.getOrDefault("keep", List.of())).stream()
            .map(
                rule ->
                    new Retention.Keep(
                        words(rule.get("tags")),
                        as(rule.get("mostRecentlyPushed")),
                        rule.get("pulledWithin") == null
                            ? null
                            : duration(rule.get("pulledWithin")).toMillis(),
                        Boolean.TRUE.equals(rule.get("always"))))
            .toList();
    List<Retention.Expire> expire =
        Scenario.<List<Map<String, Object>>>as(in.get("expire")).stream()
            .map(
                rule ->
                    new Retention.Expire(
                        words(rule.get("tags")),
                        Boolean.TRUE.equals(rule.get("untagged")),
                        duration(rule.get("pushedBefore")).toMillis()))
            .toList();
    return new Retention(keep, expire, "0 3 * * *", true, "100%", null, null);
  }

  /** What the plan says, as out.yaml says it. */
  Map<String, Object> described(RetentionPlan plan) {
    return Map.of(
        "victims",
        plan.victims().stream().map(this::described).collect(Collectors.toSet()),
        "leaving",
        plan.leaving().stream().map(names::get).collect(Collectors.toSet()));
  }

  private Map<String, Object> described(Victim victim) {
    Map<String, Object> words = new TreeMap<>();
    if (victim.tag() != null) {
      words.put("tag", victim.tag());
    }
    words.put("image", Objects.requireNonNull(names.get(victim.digest())));
    words.put("rule", victim.rule());
    words.put("reason", victim.reason());
    return words;
  }

  Map<String, Object> expected() {
    List<Map<String, Object>> victims = as(out.get("victims"));
    return Map.of(
        "victims",
        victims.stream()
            .map(
                victim -> {
                  Map<String, Object> words = new TreeMap<>(victim);
                  words.computeIfPresent("tag", (key, tag) -> withDigest(word(tag)));
                  return words;
                })
            .collect(Collectors.toSet()),
        "leaving",
        words(out.get("leaving")).stream().collect(Collectors.toSet()));
  }

  private String withDigest(String tag) {
    return IMAGE_IN_TAG.matcher(tag).replaceAll(found -> digest(found.group(1)).hex());
  }

  private Digest digest(String name) {
    Digest digest = Digest.of(DigestAlgorithm.SHA256, name.getBytes(StandardCharsets.UTF_8));
    names.put(digest, name);
    return digest;
  }

  private static @Nullable Instant perhaps(@Nullable Object age) {
    return age == null ? null : ago(age);
  }

  private static Instant ago(@Nullable Object age) {
    return NOW.minus(duration(age));
  }

  /** {@code 9d} or {@code 48h}. */
  private static Duration duration(@Nullable Object text) {
    String word = word(text);
    long number = Long.parseLong(word.substring(0, word.length() - 1));
    return word.endsWith("d") ? Duration.ofDays(number) : Duration.ofHours(number);
  }

  private static String word(@Nullable Object value) {
    return Objects.requireNonNull(value, "a field is missing").toString();
  }

  private static List<String> words(@Nullable Object list) {
    return list == null ? List.of() : as(list);
  }

  private static Map<String, Map<String, Object>> map(@Nullable Object value) {
    return as(value);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"})
  private static <T> T as(@Nullable Object value) {
    return (T) value;
  }
}
