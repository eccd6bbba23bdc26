package dev.berth.embedded.write;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.Json;
import dev.berth.embedded.resource.ResourceType;
import java.util.List;

/** A request that the API answers with a Status of failure. */
public final class StatusException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int code;
  private final String reason;
  private final transient ObjectNode details;

  /** One reason of several, with the field it is about. */
  public record Cause(String reason, String field, String message) {}

  private StatusException(int code, String reason, String message, ObjectNode details) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  /** The HTTP status. */
  public int code() {
    return code;
  }

  /** The Status object that answers the request. */
  public ObjectNode toStatus() {
    ObjectNode status = Json.object();
    status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    status.put("status", "Failure").put("message", getMessage()).put("reason", reason);
    status.set("details", details);
    return status.put("code", code);
  }

  /** An answer without details. */
  public static StatusException of(int code, String reason, String message) {
    return new StatusException(code, reason, message, Json.object());
  }

  /** The request cannot be understood. */
  public static StatusException badRequest(String message) {
    return of(400, "BadRequest", message);
  }

  /** No such path. */
  public static StatusException noSuchPath() {
    return of(404, "NotFound", "the server could not find the requested resource");
  }

  /** No such object. */
  public static StatusException notFound(ResourceType type, String name) {
    return about(type, name, 404, "NotFound", quoted(type, name) + " not found");
  }

  /** The name is taken. */
  public static StatusException alreadyExists(ResourceType type, String name) {
    return about(type, name, 409, "AlreadyExists", quoted(type, name) + " already exists");
  }

  /** The object is not in the state that the request was made for. */
  public static StatusException conflict(ResourceType type, String name, String why) {
    return about(
        type,
        name,
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + quoted(type, name) + ": " + why);
  }

  /** The request was made from an older state of the object. */
  public static StatusException stale(ResourceType type, String name) {
    return conflict(
        type,
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  /** Server-side apply would change fields of other managers. */
  public static StatusException applyConflict(
      ResourceType type, String name, String message, List<Cause> causes) {
    return about(type, name, 409, "Conflict", message).with(causes);
  }

  /** Not allowed in the state that things are in. */
  public static StatusException forbidden(
      ResourceType type, String name, String why, List<Cause> causes) {
    return about(type, name, 403, "Forbidden", quoted(type, name) + " is forbidden: " + why)
        .with(causes);
  }

  /** The object breaks its schema. */
  public static StatusException invalid(ResourceType type, String name, List<Cause> causes) {
    List<String> errors = causes.stream().map(c -> c.field() + ": " + c.message()).toList();
    String text = errors.size() == 1 ? errors.getFirst() : errors.toString();
    String kind = type.kind() + (type.group().isEmpty() ? "" : "." + type.group());
    StatusException e =
        about(type, name, 422, "Invalid", kind + " \"" + name + "\" is invalid: " + text);
    e.details.put("kind", type.kind());
    return e.with(causes);
  }

  private static StatusException about(
      ResourceType type, String name, int code, String reason, String message) {
    ObjectNode details = Json.object();
    details.put("name", name);
    if (!type.group().isEmpty()) {
      details.put("group", type.group());
    }
    details.put("kind", type.plural());
    return new StatusException(code, reason, message, details);
  }

  private StatusException with(List<Cause> causes) {
    ArrayNode list = details.putArray("causes");
    for (Cause cause : causes) {
      list.addObject()
          .put("reason", cause.reason())
          .put("message", cause.message())
          .put("field", cause.field());
    }
    return this;
  }

  private static String quoted(ResourceType type, String name) {
    return type.qualifiedPlural() + " \"" + name + "\"";
  }
}
