package dev.berth.operator.registry.dependent;

import dev.berth.api.v1alpha1.SecretKeyRef;
import dev.berth.api.v1alpha1.registry.LdapAuthentication;
import dev.berth.operator.registry.model.AuthenticationFiles;
import dev.berth.operator.registry.model.AuthenticationModel;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The user's Secrets by which the server knows callers, and of each only the keys that it reads.
 * All are optional: none of them may keep a pod from starting.
 */
final class AuthenticationVolumes {
  private AuthenticationVolumes() {}

  static List<Volume> of(AuthenticationModel model) {
    List<Volume> volumes = new ArrayList<>();
    if (model.usersSecret() != null) {
      volumes.add(ServerContainer.secret(AuthenticationFiles.USERS, model.usersSecret(), true));
    }
    for (int i = 0; i < model.oidc().size(); i++) {
      SecretKeyRef authority = model.oidc().get(i).caSecretRef();
      if (authority != null) {
        volumes.add(authority(AuthenticationFiles.issuerAuthority(i), authority));
      }
    }
    LdapAuthentication ldap = model.ldap();
    if (ldap != null && ldap.bindSecretRef() != null) {
      volumes.add(
          some(
              AuthenticationFiles.BIND,
              ldap.bindSecretRef().name(),
              Stream.of(AuthenticationFiles.BIND_DN, AuthenticationFiles.BIND_PASSWORD)
                  .map(key -> new KeyToPath(key, null, key))
                  .toList()));
    }
    if (ldap != null && ldap.caSecretRef() != null) {
      volumes.add(authority(AuthenticationFiles.LDAP_AUTHORITY, ldap.caSecretRef()));
    }
    return volumes;
  }

  private static Volume authority(String name, SecretKeyRef ref) {
    return some(
        name, ref.name(), List.of(new KeyToPath(ref.key(), null, AuthenticationFiles.AUTHORITY)));
  }

  private static Volume some(String name, String secret, List<KeyToPath> items) {
    return new VolumeBuilder(ServerContainer.secret(name, secret, true))
        .editSecret()
        .withItems(items)
        .endSecret()
        .build();
  }
}
