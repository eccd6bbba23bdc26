package dev.berth.registry.observe;

import dev.berth.registry.auth.Decided;
import dev.berth.registry.auth.Decision;
import dev.berth.registry.identity.Caller;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each decision that changed or refused something: who, what, where, and which policy
 * said so; and for what the server removed by itself, or at the operator's word. What is only
 * looked at or pulled is not here, and neither is a step of an upload that nobody can see yet.
 */
@Singleton
public final class AuditLog {
  /** What removes and erases what nothing refers to. */
  public static final String COLLECTOR = "garbage-collection";

  /** What removes images by the rules of a Repository. */
  public static final String RETENTION = "retention";

  /** Whoever has the management token. */
  public static final String MANAGEMENT = "management";

  /** Its level is its own: a quieter log must not end the record. */
  static final String NAME = "dev.berth.audit";

  private static final Logger LOG = LoggerFactory.getLogger(NAME);
  private static final int LONGEST = 256;

  /** A line feed would begin a line of somebody else's making. */
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  void ended(HttpRequest<?> request, HttpResponse<?> response) {
    if (!LOG.isInfoEnabled()) {
      return;
    }
    Optional<Decided> decided = request.getAttribute(Decided.ATTRIBUTE, Decided.class);
    if (isRefusal(request, response.code())) {
      write(request, response, decided, "denied");
    } else if (decided.isPresent() && isChange(request, response.code())) {
      write(request, response, decided, "allowed");
    }
  }

  /**
   * What no request of a client asked for.
   *
   * @param name who did it
   * @param repository empty: of the whole registry
   * @param reference tag or digest; empty: the whole repository
   * @param reason why
   */
  public void byItself(
      String name, String action, String repository, String reference, String reason) {
    LOG.atInfo()
        .addKeyValue("kind", "System")
        .addKeyValue("name", name)
        .addKeyValue("action", action)
        .addKeyValue("repository", repository)
        .addKeyValue("reference", reference)
        .addKeyValue("result", "done")
        .addKeyValue("reason", cut(reason))
        .log("audit");
  }

  /** A request without credentials that is told to bring some was refused nothing. */
  private static boolean isRefusal(HttpRequest<?> request, int status) {
    return status == 403
        || ((status == 401 || status == 429)
            && (request.getHeaders().contains(HttpHeaders.AUTHORIZATION)
                || request.getAttribute(Decided.CLAIMED_NAME).isPresent()));
  }

  private static boolean isChange(HttpRequest<?> request, int status) {
    return switch (request.getMethod()) {
      case PUT, POST -> status == 201;
      case DELETE -> status == 202;
      default -> false;
    };
  }

  private static void write(
      HttpRequest<?> request, HttpResponse<?> response, Optional<Decided> decided, String result) {
    Caller caller = request.getAttribute(Caller.ATTRIBUTE, Caller.class).orElse(Caller.ANONYMOUS);
    LOG.atInfo()
        .addKeyValue("kind", caller.kind().word())
        .addKeyValue("name", cut(caller.name()))
        .addKeyValue("issuer", caller.issuer())
        // With a wrong password it is not known whose it is.
        .addKeyValue("claimedName", cut(caller.isAnonymous() ? claimed(request) : ""))
        .addKeyValue("action", decided.map(d -> d.action().word()).orElse("login"))
        .addKeyValue("repository", decided.map(d -> d.repository().value()).orElse(""))
        .addKeyValue("path", cut(request.getPath()))
        .addKeyValue("result", result)
        .addKeyValue("status", response.code())
        .addKeyValue(
            "policy",
            result.equals("allowed") ? decided.map(d -> policy(d.decision())).orElse("") : "")
        .addKeyValue("from", request.getRemoteAddress().getAddress().getHostAddress())
        .log("audit");
  }

  /**
   * What went because a rule said so.
   *
   * @param by the Repository whose rule it is
   * @param reference tag, or the digest of a manifest that had none
   */
  public void expired(
      String by, String repository, String reference, String digest, String rule, String reason) {
    LOG.atInfo()
        .addKeyValue("kind", "System")
        .addKeyValue("name", RETENTION)
        .addKeyValue("action", "expire")
        .addKeyValue("repository", repository)
        .addKeyValue("reference", reference)
        .addKeyValue("digest", digest)
        .addKeyValue("result", "done")
        .addKeyValue("policy", by)
        .addKeyValue("rule", rule)
        .addKeyValue("reason", reason)
        .log("audit");
  }

  private static String claimed(HttpRequest<?> request) {
    return request.getAttribute(Decided.CLAIMED_NAME, String.class).orElse("");
  }

  private static String policy(Decision decision) {
    return switch (decision) {
      case Decision.Allowed(String reason) -> reason;
      case Decision.Refused refused -> "";
    };
  }

  private static String cut(String text) {
    return CONTROL.matcher(text.substring(0, Math.min(text.length(), LONGEST))).replaceAll("?");
  }
}
