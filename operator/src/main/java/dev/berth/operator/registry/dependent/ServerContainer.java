package dev.berth.operator.registry.dependent;

import dev.berth.operator.kubernetes.Restricted;
import dev.berth.operator.registry.model.KeyMaterial;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.TlsModel;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HTTPGetActionBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The one container of the server's pods, and the volumes it mounts: all below its working
 * directory, which the paths in its configuration are relative to.
 */
final class ServerContainer {

  /** The user and group that the image runs as. */
  static final long USER = 65532;

  private static final String HOME = "/berth";

  /** Readable by the group that the pod gives the volumes to. */
  private static final int SECRET_MODE = 0440;

  private static final int HTTP = 5000;
  static final int MANAGEMENT = 5001;

  private ServerContainer() {}

  static Container container(RegistryModel model) {
    return new ContainerBuilder()
        .withName("registry")
        .withImage(model.image())
        .withWorkingDir(HOME)
        .withArgs("--config", "config/" + ConfigurationChild.FILE)
        .withPorts(
            new ContainerPortBuilder()
                .withName(WorkloadChild.HTTP_PORT)
                .withContainerPort(HTTP)
                .withProtocol("TCP")
                .build(),
            new ContainerPortBuilder()
                .withName(WorkloadChild.MANAGEMENT_PORT)
                .withContainerPort(MANAGEMENT)
                .withProtocol("TCP")
                .build())
        .withResources(model.resources())
        // The start may take two minutes on a slow disk before the kubelet gives up.
        .withNewStartupProbe()
        .withHttpGet(health("/health/liveness"))
        .withPeriodSeconds(1)
        .withTimeoutSeconds(2)
        .withFailureThreshold(120)
        .endStartupProbe()
        .withNewReadinessProbe()
        .withHttpGet(health("/health/readiness"))
        .withPeriodSeconds(5)
        .withTimeoutSeconds(3)
        .withFailureThreshold(3)
        .endReadinessProbe()
        .withNewLivenessProbe()
        .withHttpGet(health("/health/liveness"))
        .withPeriodSeconds(10)
        .withTimeoutSeconds(5)
        .withFailureThreshold(6)
        .endLivenessProbe()
        .withSecurityContext(Restricted.container().build())
        .withVolumeMounts(mounts(model))
        .build();
  }

  static List<Volume> volumes(RegistryModel model) {
    List<Volume> volumes = new ArrayList<>();
    volumes.add(
        new VolumeBuilder()
            .withName("config")
            .withNewConfigMap()
            .withName(model.names().configuration())
            .endConfigMap()
            .build());
    volumes.add(
        new VolumeBuilder()
            .withName("data")
            .withNewPersistentVolumeClaim()
            .withClaimName(model.storage().claimName())
            .endPersistentVolumeClaim()
            .build());
    volumes.add(keys(model));
    volumes.add(secret("policy", model.names().policy(), false));
    volumes.add(new VolumeBuilder().withName("tmp").withNewEmptyDir().endEmptyDir().build());
    switch (model.tls()) {
      case TlsModel.SelfSigned self ->
          volumes.add(secret("tls", model.names().certificate(), false));
      case TlsModel.CertManager certManager ->
          volumes.add(secret("tls", model.names().certificate(), false));
      case TlsModel.Provided provided -> volumes.add(secret("tls", provided.secretName(), false));
      case TlsModel.Disabled disabled -> {}
    }
    volumes.addAll(AuthenticationVolumes.of(model.authentication()));
    return volumes;
  }

  private static List<VolumeMount> mounts(RegistryModel model) {
    return volumes(model).stream()
        .map(
            volume ->
                new VolumeMountBuilder()
                    .withName(volume.getName())
                    .withMountPath(mountPath(volume.getName()))
                    .withReadOnly(isReadOnly(volume) ? true : null)
                    .build())
        .toList();
  }

  /** Temporary files have one place on every system; the rest lies where the configuration says. */
  private static String mountPath(String volume) {
    return volume.equals("tmp") ? "/tmp" : HOME + "/" + volume;
  }

  private static boolean isReadOnly(Volume volume) {
    return volume.getSecret() != null || volume.getConfigMap() != null;
  }

  /** Everything of the keys Secret but the authority's key, which only the operator needs. */
  private static Volume keys(RegistryModel model) {
    List<KeyToPath> items =
        Stream.of(
                KeyMaterial.SIGNING_KEY,
                KeyMaterial.MANAGEMENT_TOKEN,
                KeyMaterial.PULL_SECRETS_KEY,
                KeyMaterial.MANAGEMENT_CERTIFICATE,
                KeyMaterial.MANAGEMENT_KEY)
            .map(key -> new KeyToPath(key, null, key))
            .toList();
    return new VolumeBuilder(secret("keys", model.names().keys(), false))
        .editSecret()
        .withItems(items)
        .endSecret()
        .build();
  }

  static Volume secret(String name, String secret, boolean optional) {
    return new VolumeBuilder()
        .withName(name)
        .withNewSecret()
        .withSecretName(secret)
        .withDefaultMode(SECRET_MODE)
        .withOptional(optional ? true : null)
        .endSecret()
        .build();
  }

  private static HTTPGetAction health(String path) {
    return new HTTPGetActionBuilder()
        .withScheme("HTTPS")
        .withPort(new IntOrString(WorkloadChild.MANAGEMENT_PORT))
        .withPath(path)
        .build();
  }
}
