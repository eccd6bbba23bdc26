package dev.berth.embedded.protobuf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Runtime;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Apps;
import io.kubernetes.client.proto.V1Authentication;
import io.kubernetes.client.proto.V1Authorization;
import io.kubernetes.client.proto.V1Batch;
import io.kubernetes.client.proto.V1Networking;
import io.kubernetes.client.proto.V1Policy;
import io.kubernetes.client.proto.V1Rbac;
import io.kubernetes.client.proto.V1Scheduling;
import io.kubernetes.client.proto.V1Storage;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/** Reads the envelope of Kubernetes' protobuf encoding and the object in it. */
public final class ProtobufBody {
  /** The media type of such bodies. */
  public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

  private static final byte[] MAGIC = {'k', '8', 's', 0};
  private static final Map<String, FileDescriptor> FILES =
      Map.ofEntries(
          Map.entry("v1", V1.getDescriptor()),
          Map.entry("meta.k8s.io/v1", Meta.getDescriptor()),
          Map.entry("apps/v1", V1Apps.getDescriptor()),
          Map.entry("batch/v1", V1Batch.getDescriptor()),
          Map.entry("authentication.k8s.io/v1", V1Authentication.getDescriptor()),
          Map.entry("authorization.k8s.io/v1", V1Authorization.getDescriptor()),
          Map.entry("networking.k8s.io/v1", V1Networking.getDescriptor()),
          Map.entry("policy/v1", V1Policy.getDescriptor()),
          Map.entry("rbac.authorization.k8s.io/v1", V1Rbac.getDescriptor()),
          Map.entry("scheduling.k8s.io/v1", V1Scheduling.getDescriptor()),
          Map.entry("storage.k8s.io/v1", V1Storage.getDescriptor()));

  private ProtobufBody() {}

  /** The object as JSON clients would have sent it. */
  public static ObjectNode read(byte[] body) throws IOException {
    if (body.length < MAGIC.length
        || !Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new IOException("the protobuf body does not start with the Kubernetes prefix");
    }
    byte[] rest = Arrays.copyOfRange(body, MAGIC.length, body.length);
    Runtime.Unknown envelope = Runtime.Unknown.parseFrom(rest);
    String apiVersion = envelope.getTypeMeta().getApiVersion();
    String kind = envelope.getTypeMeta().getKind();
    Descriptor type = descriptor(apiVersion, kind);
    ObjectNode object = ProtobufJson.object(DynamicMessage.parseFrom(type, envelope.getRaw()));
    object.put("apiVersion", apiVersion);
    object.put("kind", kind);
    return object;
  }

  private static Descriptor descriptor(String apiVersion, String kind) throws IOException {
    boolean isMeta = kind.equals("DeleteOptions");
    FileDescriptor file = isMeta ? Meta.getDescriptor() : FILES.get(apiVersion);
    Descriptor type = file == null ? null : file.findMessageTypeByName(kind);
    if (type == null) {
      throw new IOException(
          "protobuf is not read for " + apiVersion + " " + kind + "; send it as JSON");
    }
    return type;
  }
}
