package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.api.condition.Condition;
import dev.berth.api.v1alpha1.SecretRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds a {@link RegistryStatus} field by field. */
public final class RegistryStatusBuilder {

  private @Nullable Long observedGeneration;
  private List<Condition> conditions = List.of();
  private @Nullable String url;
  private List<Endpoint> endpoints = List.of();
  private @Nullable SecretRef caBundleSecretRef;
  private @Nullable CertificateStatus certificate;
  private @Nullable Integer replicas;
  private @Nullable Integer readyReplicas;
  private @Nullable String selector;
  private @Nullable String version;
  private @Nullable PolicyStatus policy;
  private @Nullable RegistryUsage usage;
  private @Nullable GarbageCollectionStatus garbageCollection;
  private @Nullable NodesStatus nodes;
  private List<NodeReachability> reachability = List.of();
  private List<PlannedChange> plan = List.of();
  private @Nullable JsonNode effective;

  RegistryStatusBuilder() {}

  /** Sets {@code observedGeneration}. */
  public RegistryStatusBuilder observedGeneration(@Nullable Long observedGeneration) {
    this.observedGeneration = observedGeneration;
    return this;
  }

  /** Sets {@code conditions}. */
  public RegistryStatusBuilder conditions(List<Condition> conditions) {
    this.conditions = conditions;
    return this;
  }

  /** Sets {@code url}. */
  public RegistryStatusBuilder url(@Nullable String url) {
    this.url = url;
    return this;
  }

  /** Sets {@code endpoints}. */
  public RegistryStatusBuilder endpoints(List<Endpoint> endpoints) {
    this.endpoints = endpoints;
    return this;
  }

  /** Sets {@code caBundleSecretRef}. */
  public RegistryStatusBuilder caBundleSecretRef(@Nullable SecretRef caBundleSecretRef) {
    this.caBundleSecretRef = caBundleSecretRef;
    return this;
  }

  /** Sets {@code certificate}. */
  public RegistryStatusBuilder certificate(@Nullable CertificateStatus certificate) {
    this.certificate = certificate;
    return this;
  }

  /** Sets {@code replicas}. */
  public RegistryStatusBuilder replicas(@Nullable Integer replicas) {
    this.replicas = replicas;
    return this;
  }

  /** Sets {@code readyReplicas}. */
  public RegistryStatusBuilder readyReplicas(@Nullable Integer readyReplicas) {
    this.readyReplicas = readyReplicas;
    return this;
  }

  /** Sets {@code selector}. */
  public RegistryStatusBuilder selector(@Nullable String selector) {
    this.selector = selector;
    return this;
  }

  /** Sets {@code version}. */
  public RegistryStatusBuilder version(@Nullable String version) {
    this.version = version;
    return this;
  }

  /** Sets {@code policy}. */
  public RegistryStatusBuilder policy(@Nullable PolicyStatus policy) {
    this.policy = policy;
    return this;
  }

  /** Sets {@code usage}. */
  public RegistryStatusBuilder usage(@Nullable RegistryUsage usage) {
    this.usage = usage;
    return this;
  }

  /** Sets {@code garbageCollection}. */
  public RegistryStatusBuilder garbageCollection(
      @Nullable GarbageCollectionStatus garbageCollection) {
    this.garbageCollection = garbageCollection;
    return this;
  }

  /** Sets {@code nodes}. */
  public RegistryStatusBuilder nodes(@Nullable NodesStatus nodes) {
    this.nodes = nodes;
    return this;
  }

  /** Sets {@code reachability}. */
  public RegistryStatusBuilder reachability(List<NodeReachability> reachability) {
    this.reachability = reachability;
    return this;
  }

  /** Sets {@code plan}. */
  public RegistryStatusBuilder plan(List<PlannedChange> plan) {
    this.plan = plan;
    return this;
  }

  /** Sets {@code effective}. */
  public RegistryStatusBuilder effective(@Nullable JsonNode effective) {
    this.effective = effective;
    return this;
  }

  /** The status with what was set. */
  public RegistryStatus build() {
    return new RegistryStatus(
        observedGeneration,
        conditions,
        url,
        endpoints,
        caBundleSecretRef,
        certificate,
        replicas,
        readyReplicas,
        selector,
        version,
        policy,
        usage,
        garbageCollection,
        nodes,
        reachability,
        plan,
        effective);
  }
}
