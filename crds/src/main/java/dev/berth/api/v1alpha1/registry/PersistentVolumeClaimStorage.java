package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.Grammar;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** A claim that the operator makes. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PersistentVolumeClaimStorage(
    @Default("20Gi")
        @Pattern(Grammar.QUANTITY)
        @JsonPropertyDescription(
            "Size of the claim, for example 50Gi. It may grow later, and never shrinks. "
                + "Default: 20Gi.")
        Quantity size,
    @Size(min = 1, max = 253)
        @Pattern(Grammar.OBJECT_NAME)
        @JsonPropertyDescription(
            "StorageClass of the claim. Default: that of the cluster. It cannot be changed.")
        @Nullable String storageClassName,
    @Default("ReadWriteOnce")
        @JsonPropertyDescription(
            "Access mode of the claim; several replicas need ReadWriteMany. Default: "
                + "ReadWriteOnce. It cannot be changed.")
        AccessMode accessMode) {

  /** Puts the documented defaults in place of what is absent. */
  public PersistentVolumeClaimStorage {
    size = requireNonNullElse(size, new Quantity("20Gi"));
    accessMode = requireNonNullElse(accessMode, AccessMode.READ_WRITE_ONCE);
  }
}
