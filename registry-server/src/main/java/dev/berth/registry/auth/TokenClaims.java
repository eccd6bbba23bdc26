package dev.berth.registry.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.berth.policy.Action;
import dev.berth.registry.identity.Caller;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a token, as the distribution project specifies them, with the uid of each
 * repository and what else tells the caller from others beside them.
 *
 * @see <a href="https://distribution.github.io/distribution/spec/auth/jwt/">Token claims</a>
 */
final class TokenClaims {
  private static final String REPOSITORY = "repository";
  private static final String KIND = "caller_kind";
  private static final String ISSUER = "caller_issuer";
  private static final String INCARNATION = "caller_incarnation";
  private static final String GROUPS = "groups";
  private static final Map<String, Object> CATALOG =
      Map.of("type", "registry", "name", "catalog", "actions", List.of("*"));

  private TokenClaims() {}

  static JWTClaimsSet write(String host, Token token) {
    return new JWTClaimsSet.Builder()
        .issuer(host)
        .audience(host)
        .subject(token.caller().name())
        .claim(KIND, token.caller().kind().word())
        .claim(ISSUER, token.caller().issuer())
        .claim(INCARNATION, token.caller().incarnation())
        .claim(GROUPS, List.copyOf(token.caller().groups()))
        .issueTime(Date.from(token.madeAt()))
        .notBeforeTime(Date.from(token.notBefore()))
        .expirationTime(Date.from(token.expiresAt()))
        .jwtID(UUID.randomUUID().toString())
        .claim("access", entries(token))
        .build();
  }

  private static List<Map<String, Object>> entries(Token token) {
    Stream<Map<String, Object>> catalog = token.catalog() ? Stream.of(CATALOG) : Stream.empty();
    return Stream.concat(token.access().stream().map(TokenClaims::entry), catalog).toList();
  }

  private static Map<String, Object> entry(TokenAccess access) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("type", REPOSITORY);
    entry.put("name", access.name());
    entry.put("actions", access.actions().stream().map(Action::word).sorted().toList());
    if (access.uid() != null) {
      entry.put("uid", access.uid());
    }
    return entry;
  }

  /**
   * Reads what {@link #write} wrote; whether it is from this registry and of today is not judged.
   */
  static Token read(JWTClaimsSet claims) throws ParseException {
    List<TokenAccess> access = new ArrayList<>();
    boolean catalog = false;
    if (claims.getClaim("access") instanceof List<?> entries) {
      for (Object entry : entries) {
        catalog |= CATALOG.equals(entry);
        if (entry instanceof Map<?, ?> map
            && REPOSITORY.equals(map.get("type"))
            && map.get("name") instanceof String name) {
          access.add(
              new TokenAccess(
                  name,
                  actions(map.get("actions")),
                  map.get("uid") instanceof String u ? u : null));
        }
      }
    }
    return new Token(
        caller(claims),
        access,
        catalog,
        time(claims.getNotBeforeTime(), "nbf"),
        time(claims.getIssueTime(), "iat"),
        time(claims.getExpirationTime(), "exp"));
  }

  private static Caller caller(JWTClaimsSet claims) throws ParseException {
    String word = claims.getStringClaim(KIND);
    Caller.Kind kind =
        Arrays.stream(Caller.Kind.values())
            .filter(known -> known.word().equals(word))
            .findFirst()
            .orElseThrow(() -> new ParseException("there is no " + KIND, 0));
    return new Caller(
        kind,
        claims.getSubject(),
        Set.copyOf(claims.getStringListClaim(GROUPS)),
        claims.getStringClaim(ISSUER),
        claims.getStringClaim(INCARNATION),
        null);
  }

  private static Set<Action> actions(@Nullable Object words) {
    Set<Action> actions = EnumSet.noneOf(Action.class);
    if (words instanceof List<?> list) {
      for (Action action : Action.values()) {
        if (list.contains(action.word())) {
          actions.add(action);
        }
      }
    }
    return actions;
  }

  private static Instant time(@Nullable Date date, String claim) throws ParseException {
    if (date == null) {
      throw new ParseException("there is no " + claim, 0);
    }
    return date.toInstant();
  }
}
