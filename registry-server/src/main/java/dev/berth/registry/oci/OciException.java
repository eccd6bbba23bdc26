package dev.berth.registry.oci;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A refusal that the client is told as an OCI error. The message says what to do about it and holds
 * nothing that the caller may not know.
 */
public final class OciException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final int status;
  private final transient Map<String, String> headers;
  private final transient Map<String, String> detail;

  public OciException(ErrorCode code, String message) {
    this(code, code.status(), message, Map.of());
  }

  /**
   * An error that is answered with another status than its code's, such as 413 or 416, or with
   * headers.
   *
   * @param headers of the answer, by name
   */
  public OciException(ErrorCode code, int status, String message, Map<String, String> headers) {
    this(code, status, message, headers, Map.of());
  }

  private OciException(
      ErrorCode code,
      int status,
      String message,
      Map<String, String> headers,
      Map<String, String> detail) {
    // An expected answer: the stack would cost more than the refusal, and nobody reads it.
    super(message, null, false, false);
    this.code = code;
    this.status = status;
    this.headers = Map.copyOf(headers);
    this.detail = new TreeMap<>(detail);
  }

  /** The same with what a program may read. */
  public OciException withDetail(Map<String, String> more) {
    return new OciException(code, status, getMessage(), headers, more);
  }

  /**
   * A refusal of a caller that asks too much, and may ask again after a while.
   *
   * @param retryAfterSeconds when it may ask again
   */
  public static OciException tooManyRequests(String message, long retryAfterSeconds) {
    return later(ErrorCode.TOOMANYREQUESTS, message, retryAfterSeconds);
  }

  /**
   * A refusal because of what others ask at the moment.
   *
   * @param retryAfterSeconds when the same request may be sent again
   */
  public static OciException busy(String message, long retryAfterSeconds) {
    return later(ErrorCode.UNAVAILABLE, message, retryAfterSeconds);
  }

  private static OciException later(ErrorCode code, String message, long retryAfterSeconds) {
    return new OciException(
        code, code.status(), message, Map.of("Retry-After", Long.toString(retryAfterSeconds)));
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage(), "every refusal says why");
  }

  public ErrorCode code() {
    return code;
  }

  public int status() {
    return status;
  }

  public Map<String, String> headers() {
    return headers;
  }

  public Map<String, String> detail() {
    return Collections.unmodifiableMap(detail);
  }
}
