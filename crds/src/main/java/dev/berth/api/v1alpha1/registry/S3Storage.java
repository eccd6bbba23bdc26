package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.Grammar;
import dev.berth.api.v1alpha1.SecretKeyRef;
import dev.berth.api.v1alpha1.SecretRef;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A bucket of an S3-compatible object store. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record S3Storage(
    @Required
        @Size(min = 3, max = 63)
        @Pattern(Grammar.BUCKET)
        @JsonPropertyDescription("Name of the bucket. It must exist.")
        String bucket,
    @Size(max = 512)
        @Pattern(Grammar.S3_PREFIX)
        @JsonPropertyDescription(
            "What the keys of all objects start with, for example main/. Default: none.")
        @Nullable String prefix,
    @Size(min = 1, max = 2048)
        @Pattern(Grammar.HTTP_URL)
        @JsonPropertyDescription("URL of the object store. Default: that of AWS for the region.")
        @Nullable String endpoint,
    @Default("us-east-1")
        @Size(min = 1, max = 64)
        @Pattern(Grammar.REGION)
        @JsonPropertyDescription("Region of the bucket. Default: us-east-1.")
        String region,
    @Default("false")
        @JsonPropertyDescription(
            "Whether the bucket is named in the path of requests instead of in the host "
                + "name, as most stores other than AWS need it. Default: false.")
        Boolean pathStyle,
    @JsonPropertyDescription(
            "Secret with the keys accessKeyId and secretAccessKey. Default: the identity "
                + "of the pod.")
        @Nullable SecretRef credentialsSecretRef,
    @JsonPropertyDescription(
            "Certificate authority that signed the certificate of the endpoint, in PEM. "
                + "Default: those of the image.")
        @Nullable SecretKeyRef caSecretRef,
    @Default("false")
        @JsonPropertyDescription(
            "Whether clients are sent to the store for the bytes of a blob, by a signed "
                + "URL, instead of getting them through the registry. Default: false.")
        Boolean redirect) {

  /** Puts the documented defaults in place of what is absent. */
  public S3Storage {
    region = requireNonNullElse(region, "us-east-1");
    pathStyle = requireNonNullElse(pathStyle, false);
    redirect = requireNonNullElse(redirect, false);
  }
}
