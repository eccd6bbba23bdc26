package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.DeletionPolicy;
import dev.berth.api.v1alpha1.Grammar;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a Registry should be. Everything has a default. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value =
        "self.replicas <= 1 || (has(self.metadata) && has(self.metadata.postgresql) && "
            + "has(self.storage) && (!has(self.storage.persistentVolumeClaim) || "
            + "self.storage.persistentVolumeClaim.accessMode == 'ReadWriteMany'))",
    message =
        "more than one replica needs storage.s3 or a claim that is ReadWriteMany, and "
            + "metadata.postgresql",
    fieldPath = ".replicas")
@ValidationRule(
    value =
        "!has(self.autoscaling) || (has(self.metadata) && "
            + "has(self.metadata.postgresql) && has(self.storage) && "
            + "(!has(self.storage.persistentVolumeClaim) || "
            + "self.storage.persistentVolumeClaim.accessMode == 'ReadWriteMany'))",
    message =
        "autoscaling needs storage.s3 or a claim that is ReadWriteMany, and "
            + "metadata.postgresql",
    fieldPath = ".autoscaling")
@ValidationRule(
    value =
        "!has(self.externalHosts) || self.externalHosts.all(h, h.matches(r'" + Grammar.HOST + "'))",
    message =
        "each external host must be a DNS name or an IP address, [..] around an IPv6 "
            + "one, with an optional :port",
    fieldPath = ".externalHosts")
@ValidationRule(
    value =
        "!has(self.externalHosts) || self.externalHosts.all(h, "
            + "self.externalHosts.exists_one(o, o == h))",
    message = "each external host may be named only once",
    fieldPath = ".externalHosts")
@ValidationRule(
    value =
        "!has(self.exposure) || !has(self.exposure.ingress) || "
            + "(has(self.externalHosts) && size(self.externalHosts) > 0)",
    message = "exposure.ingress needs externalHosts, which are its hosts",
    fieldPath = ".exposure.ingress")
@ValidationRule(
    value =
        "!has(self.exposure) || !has(self.exposure.gateway) || "
            + "(has(self.externalHosts) && size(self.externalHosts) > 0)",
    message = "exposure.gateway needs externalHosts, which are its host names",
    fieldPath = ".exposure.gateway")
@ValidationRule(
    value =
        "self.?storage.?s3.hasValue() == oldSelf.?storage.?s3.hasValue() && "
            + "self.?storage.?existingClaim.hasValue() == "
            + "oldSelf.?storage.?existingClaim.hasValue()",
    message = "the kind of storage cannot be changed; make a new Registry and copy the images",
    fieldPath = ".storage")
@ValidationRule(
    value =
        "self.?metadata.?postgresql.hasValue() == " + "oldSelf.?metadata.?postgresql.hasValue()",
    message = "the kind of metadata cannot be changed; make a new Registry and copy the images",
    fieldPath = ".metadata")
@ValidationRule(
    value =
        "(has(self.storage) && has(self.storage.persistentVolumeClaim) && "
            + "has(self.storage.persistentVolumeClaim.storageClassName) ? "
            + "self.storage.persistentVolumeClaim.storageClassName : '') == "
            + "(has(oldSelf.storage) && has(oldSelf.storage.persistentVolumeClaim) && "
            + "has(oldSelf.storage.persistentVolumeClaim.storageClassName) ? "
            + "oldSelf.storage.persistentVolumeClaim.storageClassName : '')",
    message = "storageClassName cannot be changed",
    fieldPath = ".storage.persistentVolumeClaim.storageClassName")
@ValidationRule(
    value =
        "(has(self.storage) && has(self.storage.persistentVolumeClaim) ? "
            + "self.storage.persistentVolumeClaim.accessMode : 'ReadWriteOnce') == "
            + "(has(oldSelf.storage) && has(oldSelf.storage.persistentVolumeClaim) ? "
            + "oldSelf.storage.persistentVolumeClaim.accessMode : 'ReadWriteOnce')",
    message = "accessMode cannot be changed",
    fieldPath = ".storage.persistentVolumeClaim.accessMode")
@ValidationRule(
    value =
        "quantity((has(self.storage) && has(self.storage.persistentVolumeClaim) ? "
            + "string(self.storage.persistentVolumeClaim.size) : "
            + "'20Gi')).compareTo(quantity((has(oldSelf.storage) && "
            + "has(oldSelf.storage.persistentVolumeClaim) ? "
            + "string(oldSelf.storage.persistentVolumeClaim.size) : '20Gi'))) >= 0",
    message = "the size of the claim may only grow",
    fieldPath = ".storage.persistentVolumeClaim.size")
public record RegistrySpec(
    @Default("1")
        @SpecReplicas
        @Min(0)
        @Max(100)
        @JsonPropertyDescription(
            "Number of server pods. More than one needs storage.s3 or a ReadWriteMany "
                + "claim, and metadata.postgresql. Default: 1.")
        Integer replicas,
    @Size(max = 20)
        @JsonPropertyDescription(
            "Names that clients use for the registry besides those of its Service: a DNS "
                + "name or IP address, with :port unless it is that of the protocol. The first "
                + "is the canonical one; all are in the certificate.")
        List<@Size(min = 1, max = 259) @Pattern(Grammar.HOST) String> externalHosts,
    @JsonPropertyDescription(
            "Where the blobs are kept; exactly one kind, which cannot be changed. Default: "
                + "a claim of 20Gi.")
        @Nullable StorageSpec storage,
    @JsonPropertyDescription(
            "Where tags, manifests and links are kept; exactly one kind, which cannot be "
                + "changed. Default: a database file on the claim.")
        @Nullable MetadataSpec metadata,
    @JsonPropertyDescription(
            "Where the certificate comes from; exactly one kind. Default: selfSigned.")
        @Nullable TlsSpec tls,
    @JsonPropertyDescription(
            "How clients reach the registry. Default: a Service of type ClusterIP.")
        @Nullable ExposureSpec exposure,
    @JsonPropertyDescription(
            "Who is known to the registry. Default: nobody, and callers without credentials.")
        @Nullable AuthenticationSpec authentication,
    @Size(max = 64)
        @JsonPropertyDescription(
            "Which namespaces may declare Repositories and AccessPolicies for which paths. "
                + "Default: the namespace of the Registry, for every path.")
        List<TenancyRule> tenancy,
    @JsonPropertyDescription(
            "How repositories come to be, and what holds for those that nobody declared.")
        @Nullable RepositoriesSpec repositories,
    @JsonPropertyDescription("When space is given back.")
        @Nullable GarbageCollectionSpec garbageCollection,
    @JsonPropertyDescription("Limits of the whole registry. Default: none.")
        @Nullable QuotaSpec quota,
    @Size(max = 32) @JsonPropertyDescription("Receivers of webhooks.")
        List<NotificationSpec> notifications,
    @JsonPropertyDescription(
            "Lets kubelets pull by the name of the registry and trust its certificate. "
                + "Default: not configured.")
        @Nullable NodeAccessSpec nodeAccess,
    @JsonPropertyDescription("ServiceMonitor, alerts and dashboard. Default: none.")
        @Nullable MonitoringSpec monitoring,
    @JsonPropertyDescription(
            "Who reaches the pods. Default: everybody the port for clients, and only the "
                + "operator and monitoring the management port.")
        @Nullable NetworkPolicySpec networkPolicy,
    @JsonPropertyDescription(
            "Lets the number of replicas follow the load, where several are possible. "
                + "Default: spec.replicas counts.")
        @Nullable AutoscalingSpec autoscaling,
    @JsonPropertyDescription(
            "CPU and memory of the container. Default: requests of 100m and 256Mi, a limit "
                + "of 512Mi.")
        @Nullable ResourcesSpec resources,
    @JsonPropertyDescription("What else the pods carry.") @Nullable PodTemplateSpec podTemplate,
    @Size(max = 1024)
        @JsonPropertyDescription(
            "Image of the server. Default: that of the release of the operator.")
        @Nullable String image,
    @JsonPropertyDescription("What the registry logs.") @Nullable LoggingSpec logging,
    @Default("Retain")
        @JsonPropertyDescription(
            "What becomes of the images when this Registry is deleted: Retain keeps the "
                + "claim, and a Registry of the same name takes it over; Delete deletes it "
                + "once no pod runs its images. A claim of storage.existingClaim always stays. "
                + "Default: Retain.")
        DeletionPolicy deletionPolicy) {

  /** Puts the documented defaults in place of what is absent. */
  public RegistrySpec {
    replicas = requireNonNullElse(replicas, 1);
    externalHosts = requireNonNullElse(externalHosts, List.of());
    tenancy = requireNonNullElse(tenancy, List.of());
    notifications = requireNonNullElse(notifications, List.of());
    deletionPolicy = requireNonNullElse(deletionPolicy, DeletionPolicy.RETAIN);
  }
}
