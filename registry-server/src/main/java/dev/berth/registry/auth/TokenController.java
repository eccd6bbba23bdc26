package dev.berth.registry.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.berth.registry.body.RequestBodies;
import dev.berth.registry.identity.Caller;
import dev.berth.registry.identity.Credentials;
import dev.berth.registry.identity.InvalidCredentialException;
import dev.berth.registry.identity.Logins;
import dev.berth.registry.identity.RegistryHosts;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The token endpoint as docker's clients use it: GET with Basic credentials or none, POST with an
 * OAuth 2 password grant.
 *
 * @see <a href="https://distribution.github.io/distribution/spec/auth/token/">Token endpoint</a>
 */
@Controller("/token")
@ExecuteOn(TaskExecutors.BLOCKING)
final class TokenController {
  private static final int MAX_FORM_BYTES = 16 << 10;

  /** Anybody may send one, with or without credentials: some megabytes in all. */
  private static final int FORMS_AT_ONCE = 256;

  private final RequestBodies forms = new RequestBodies(FORMS_AT_ONCE);

  private final TokenIssuer issuer;
  private final Logins logins;
  private final RegistryHosts hosts;
  private final RequestRate rate;
  private final MeterRegistry meters;

  TokenController(
      TokenIssuer issuer,
      Logins logins,
      RegistryHosts hosts,
      RequestRate rate,
      MeterRegistry meters) {
    this.issuer = issuer;
    this.logins = logins;
    this.hosts = hosts;
    this.rate = rate;
    this.meters = meters;
  }

  @Get
  HttpResponse<Answer> get(HttpRequest<?> request) {
    return answer(request, caller(request), request.getParameters().getAll("scope"));
  }

  @Post
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  HttpResponse<Answer> post(HttpRequest<?> request) throws IOException {
    byte[] form = read(request);
    Map<String, List<String>> fields = fields(request, form);
    if (!first(fields, "grant_type").equals("password")) {
      throw badRequest(request, "the only grant_type here is password");
    }
    Caller caller = authenticate(request, first(fields, "username"), first(fields, "password"));
    return answer(request, caller, fields.getOrDefault("scope", List.of()));
  }

  private byte[] read(HttpRequest<?> request) throws IOException {
    try {
      return forms.read(request, MAX_FORM_BYTES);
    } catch (OciException e) {
      rate.identified(request, Caller.ANONYMOUS);
      throw e;
    }
  }

  private HttpResponse<Answer> answer(HttpRequest<?> request, Caller caller, List<String> scopes) {
    rate.identified(request, caller);
    Token.Issued token = issuer.issue(caller, TokenRequest.of(scopes));
    count(caller.isAnonymous() ? "anonymous" : "issued");
    return HttpResponse.ok(
            new Answer(
                token.value(), token.value(), token.lifetimeSeconds(), token.madeAt().toString()))
        .header(HttpHeaders.CACHE_CONTROL, "no-store");
  }

  private Caller caller(HttpRequest<?> request) {
    try {
      return switch (Credentials.of(request)) {
        case Credentials.None none -> Caller.ANONYMOUS;
        case Credentials.Basic(String name, String password) ->
            authenticate(request, name, password);
        case Credentials.Bearer bearer ->
            throw new InvalidCredentialException(
                "a token cannot be changed for another one, log in");
      };
    } catch (InvalidCredentialException e) {
      throw refused(request, String.valueOf(e.getMessage()));
    }
  }

  private Caller authenticate(HttpRequest<?> request, String name, String password) {
    request.setAttribute(Decided.CLAIMED_NAME, name);
    try {
      return logins.login(request.getRemoteAddress(), name, password);
    } catch (InvalidCredentialException e) {
      throw refused(request, String.valueOf(e.getMessage()));
    } catch (OciException e) {
      count("refused");
      rate.identified(request, Caller.ANONYMOUS);
      throw e;
    }
  }

  private OciException refused(HttpRequest<?> request, String message) {
    count("refused");
    rate.identified(request, Caller.ANONYMOUS);
    return new OciException(
        ErrorCode.UNAUTHORIZED,
        ErrorCode.UNAUTHORIZED.status(),
        message,
        Map.of(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"" + hosts.canonical() + "\""));
  }

  private void count(String outcome) {
    meters.counter("berth.tokens", "outcome", outcome).increment();
  }

  private OciException badRequest(HttpRequest<?> request, String message) {
    rate.identified(request, Caller.ANONYMOUS);
    return new OciException(ErrorCode.UNSUPPORTED, 400, message, Map.of());
  }

  private Map<String, List<String>> fields(HttpRequest<?> request, byte[] form) {
    try {
      return new QueryStringDecoder(new String(form, UTF_8), UTF_8, false).parameters();
    } catch (IllegalArgumentException e) {
      throw badRequest(request, "the form is not well encoded");
    }
  }

  private static String first(Map<String, List<String>> fields, String name) {
    return fields.getOrDefault(name, List.of("")).getFirst();
  }

  /** Of the token endpoint; the token is there under the names of both protocols. */
  record Answer(
      @JsonProperty("token") String token,
      @JsonProperty("access_token") String accessToken,
      @JsonProperty("expires_in") long expiresIn,
      @JsonProperty("issued_at") String issuedAt) {
    @Override
    public String toString() {
      return "Answer[" + issuedAt + "]";
    }
  }
}
