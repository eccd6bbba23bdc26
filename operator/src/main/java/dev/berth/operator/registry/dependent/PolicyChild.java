package dev.berth.operator.registry.dependent;

import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Map;

/** The policy document, so that a server starts right with the operator down. */
public final class PolicyChild extends SecretChild {
  public static final String FILE = "policy.json.gz";
  public static final String REVISION = "berth.dev/policy-revision";
  public static final String SEQUENCE = "berth.dev/policy-sequence";

  public PolicyChild() {
    super("policy");
  }

  @Override
  public String childName(RegistryNames names) {
    return names.policy();
  }

  @Override
  public Secret desired(RegistryModel model) {
    PolicyDocument policy = model.policy();
    return new SecretBuilder(secret(model, "Opaque", Map.of()))
        .editMetadata()
        .addToAnnotations(REVISION, policy.revision())
        .addToAnnotations(SEQUENCE, Long.toString(policy.sequence()))
        .endMetadata()
        .addToData(FILE, encoded(PolicyDocumentFormat.gzip(policy)))
        .build();
  }
}
