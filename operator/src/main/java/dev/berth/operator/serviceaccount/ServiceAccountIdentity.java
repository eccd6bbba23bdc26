package dev.berth.operator.serviceaccount;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.berth.operator.kubernetes.LeanMetadata;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * A ServiceAccount, of which nothing is read but who it is. Every one of the cluster is watched,
 * and kept in memory; their labels, annotations and Secrets are nobody's business here.
 */
@Group("")
@Version("v1")
@Kind("ServiceAccount")
@Plural("serviceaccounts")
@JsonDeserialize(using = JsonDeserializer.None.class)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public final class ServiceAccountIdentity implements HasMetadata, Namespaced {
  private static final long serialVersionUID = 1;

  private ObjectMeta metadata = new ObjectMeta();

  @Override
  public ObjectMeta getMetadata() {
    return metadata;
  }

  @Override
  public void setMetadata(ObjectMeta full) {
    metadata = LeanMetadata.of(full);
  }

  /** It is what its annotations say. */
  @Override
  public void setApiVersion(String version) {}
}
