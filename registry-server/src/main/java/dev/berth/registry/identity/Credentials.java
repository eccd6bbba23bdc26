package dev.berth.registry.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** What a request's Authorization header holds. */
public sealed interface Credentials {
  /** A longer header is no credential of this registry. */
  int MAX_LENGTH = 16 << 10;

  /** What docker sends with a search, the one request for which it has the first API alone. */
  String DOCKER_TOKEN = "X-Docker-Token";

  /** The header of a docker that is not logged in: an empty name and an empty password. */
  String OF_NOBODY = "Basic Og==";

  /** There is no header. */
  record None() implements Credentials {}

  /** A name and its password. */
  record Basic(String name, String password) implements Credentials {
    @Override
    public String toString() {
      return "Basic[" + name + "]";
    }
  }

  /** A token. */
  record Bearer(String token) implements Credentials {
    @Override
    public String toString() {
      return "Bearer[]";
    }
  }

  /**
   * Reads the header.
   *
   * @throws InvalidCredentialException when it is neither Basic nor Bearer as their RFCs have them
   */
  static Credentials of(HttpRequest<?> request) throws InvalidCredentialException {
    List<String> headers = request.getHeaders().getAll(HttpHeaders.AUTHORIZATION);
    if (headers.isEmpty()) {
      return new None();
    }
    String header = headers.getFirst();
    if (headers.size() > 1 || header.length() > MAX_LENGTH) {
      throw new InvalidCredentialException(
          "there must be one Authorization header of at most 16 KiB");
    }
    int space = header.indexOf(' ');
    String scheme = header.substring(0, Math.max(space, 0)).toLowerCase(Locale.ROOT);
    String value = header.substring(space + 1).strip();
    return switch (scheme) {
      case "basic" -> basic(value);
      case "bearer" -> new Bearer(value);
      default ->
          throw new InvalidCredentialException("the Authorization header must be Basic or Bearer");
    };
  }

  /**
   * Whether a docker that is not logged in sent the request. By TLS it sends the credentials of
   * nobody, else none. Any other client has credentials to follow a challenge with, or gets a token
   * without them.
   */
  static boolean areMissingInDocker(HttpRequest<?> request) {
    List<String> headers = request.getHeaders().getAll(HttpHeaders.AUTHORIZATION);
    return request.getHeaders().contains(DOCKER_TOKEN)
        && (headers.isEmpty() || headers.equals(List.of(OF_NOBODY)));
  }

  private static Basic basic(String value) throws InvalidCredentialException {
    try {
      String pair =
          UTF_8.newDecoder().decode(ByteBuffer.wrap(Base64.getDecoder().decode(value))).toString();
      int colon = pair.indexOf(':');
      if (colon > 0 && pair.substring(0, colon).chars().noneMatch(Character::isISOControl)) {
        return new Basic(pair.substring(0, colon), pair.substring(colon + 1));
      }
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw malformed();
    }
    throw malformed();
  }

  private static InvalidCredentialException malformed() {
    return new InvalidCredentialException(
        "Basic credentials must be the base64 of NAME:PASSWORD in UTF-8, without control characters in the name");
  }
}
