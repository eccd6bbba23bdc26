package dev.berth.embedded.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.berth.embedded.resource.Json;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Protobuf messages of Kubernetes as the JSON of the same object: both come from one type, but
 * embedded structs, times, quantities and int-or-strings are written differently.
 */
final class ProtobufJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Set<String> EMBEDDED =
      Set.of(
          "handler",
          "volumeSource",
          "persistentVolumeSource",
          "ephemeralContainerCommon",
          "localObjectReference");

  /** Fields whose zero value always means that they are not set. */
  private static final Set<String> NOT_POINTERS =
      Set.of(
          "nodePort",
          "healthCheckNodePort",
          "hostPort",
          "minReadySeconds",
          "paused",
          "publishNotReadyAddresses",
          "hostNetwork",
          "hostPID",
          "hostIPC",
          "stdin",
          "stdinOnce",
          "tty",
          "readOnly",
          "generation");

  private ProtobufJson() {}

  static ObjectNode object(Message message) {
    ObjectNode object = Json.object();
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              JsonNode json = field(field, value);
              if (EMBEDDED.contains(field.getName()) && json instanceof ObjectNode inner) {
                object.setAll(inner);
              } else if (!isUnset(field.getName(), json)) {
                object.set(field.getName(), json);
              }
            });
    return object;
  }

  /** Go leaves unset values out of JSON and writes them in protobuf. */
  private static boolean isUnset(String field, JsonNode json) {
    boolean zero =
        (json.isNumber() && json.asLong() == 0) || (json.isBoolean() && !json.asBoolean());
    return json.isNull()
        || (json.isTextual() && json.asText().isEmpty())
        || (zero && NOT_POINTERS.contains(field));
  }

  private static JsonNode field(FieldDescriptor field, Object value) {
    if (field.isMapField()) {
      ObjectNode map = Json.object();
      for (Object item : (List<?>) value) {
        Message entry = (Message) item;
        FieldDescriptor key = entry.getDescriptorForType().findFieldByNumber(1);
        FieldDescriptor content = entry.getDescriptorForType().findFieldByNumber(2);
        map.set(String.valueOf(entry.getField(key)), single(entry.getField(content)));
      }
      return map;
    }
    if (field.isRepeated()) {
      ArrayNode list = NODES.arrayNode();
      ((List<?>) value).forEach(item -> list.add(single(item)));
      return list;
    }
    return single(value);
  }

  private static JsonNode single(Object value) {
    return switch (value) {
      case Message message -> message(message);
      case ByteString bytes -> NODES.binaryNode(bytes.toByteArray());
      case Integer number -> NODES.numberNode(number);
      case Long number -> NODES.numberNode(number);
      case Double number -> NODES.numberNode(number);
      case Boolean flag -> NODES.booleanNode(flag);
      default -> NODES.textNode(value.toString());
    };
  }

  private static JsonNode message(Message message) {
    return switch (message.getDescriptorForType().getFullName()) {
      case "k8s.io.apimachinery.pkg.apis.meta.v1.Time",
          "k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime" -> {
        long seconds = (Long) get(message, "seconds");
        yield seconds == 0
            ? NODES.nullNode()
            : NODES.textNode(Instant.ofEpochSecond(seconds).toString());
      }
      case "k8s.io.apimachinery.pkg.api.resource.Quantity" ->
          NODES.textNode(get(message, "string").toString());
      case "k8s.io.apimachinery.pkg.util.intstr.IntOrString" ->
          (Long) get(message, "type") == 0
              ? NODES.numberNode((Integer) get(message, "intVal"))
              : NODES.textNode(get(message, "strVal").toString());
      default -> object(message);
    };
  }

  private static Object get(Message message, String field) {
    return message.getField(message.getDescriptorForType().findFieldByName(field));
  }
}
