package dev.berth.registry.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.LDAPURL;
import com.unboundid.ldap.sdk.PostConnectProcessor;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.SingleServerSet;
import com.unboundid.ldap.sdk.StartTLSPostConnectProcessor;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.watch.FilePoller;
import dev.berth.registry.watch.WatchedFiles;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A directory server. Connections are encrypted, by {@code ldaps} or by StartTLS, before anything
 * is said; referrals are not followed, for they would show passwords to whoever they name.
 */
final class Directory {
  private static final int CONNECT_MILLIS = 3000;
  private static final int RESPONSE_MILLIS = 5000;
  private static final int CONNECTIONS = 8;
  private static final int WAIT_MILLIS = 5000;
  private static final int MAX_AGE_MILLIS = 300_000;
  private static final int MAX_GROUPS = 1000;
  private static final int MAX_FILE_BYTES = 64 << 10;
  private static final String MEMBER_OF = "memberOf";
  private static final String COMMON_NAME = "cn";

  private final RegistryConfiguration.Ldap settings;
  private final Supplier<SSLSocketFactory> trust;
  private final Supplier<SimpleBindRequest> account;
  private @Nullable Connected connected;

  Directory(RegistryConfiguration.Ldap settings, FilePoller poller) {
    this.settings = settings;
    this.trust = TrustedAuthorities.of(settings.caFile(), poller);
    this.account = account(settings.bind(), poller);
  }

  /**
   * Somebody whose password was right.
   *
   * @param name as the directory writes it, in whatever case it was given
   */
  record Person(String name, Set<String> groups) {}

  /**
   * Whose a name and a password, not empty, are.
   *
   * @return null: there is no such person, or the password is another one
   * @throws LDAPException when the directory cannot be asked
   */
  @Nullable Person login(String name, String password) throws LDAPException {
    LDAPConnectionPool pool = pool();
    LDAPConnection connection = pool.getConnection();
    boolean sound = false;
    try {
      SearchResultEntry entry = find(connection, name);
      if (entry == null) {
        sound = true;
        pool.releaseConnection(connection);
        return null;
      }
      String written = entry.getAttributeValue(settings.userAttribute());
      Set<String> groups = groups(connection, entry, written);
      boolean right = isRight(connection, entry.getDN(), password);
      sound = true;
      pool.releaseAndReAuthenticateConnection(connection);
      return right ? new Person(written, groups) : null;
    } finally {
      if (!sound) {
        pool.releaseDefunctConnection(connection);
      }
    }
  }

  private @Nullable SearchResultEntry find(LDAPConnection connection, String name)
      throws LDAPException {
    SearchRequest search =
        new SearchRequest(
            settings.userSearchBase(),
            SearchScope.SUB,
            Filter.createEqualityFilter(settings.userAttribute(), name),
            settings.userAttribute(),
            MEMBER_OF);
    // Of two with one name neither is the one.
    search.setSizeLimit(2);
    List<SearchResultEntry> found;
    try {
      found = connection.search(search).getSearchEntries();
    } catch (LDAPSearchException e) {
      if (e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED)) {
        return null;
      }
      throw e;
    }
    return found.size() == 1 && hasOneName(found.getFirst()) ? found.getFirst() : null;
  }

  /** Of several it could not be told which one policies mean. */
  private boolean hasOneName(SearchResultEntry entry) {
    String[] names = entry.getAttributeValues(settings.userAttribute());
    return names != null && names.length == 1;
  }

  private Set<String> groups(LDAPConnection connection, SearchResultEntry entry, String name)
      throws LDAPException {
    Set<String> groups = new TreeSet<>();
    String base = settings.groupSearchBase();
    if (base == null) {
      String[] memberships = entry.getAttributeValues(MEMBER_OF);
      for (String group : memberships == null ? new String[0] : memberships) {
        commonName(group, groups);
      }
      return groups;
    }
    SearchRequest search =
        new SearchRequest(
            base,
            SearchScope.SUB,
            Filter.createORFilter(
                Filter.createEqualityFilter("member", entry.getDN()),
                Filter.createEqualityFilter("uniqueMember", entry.getDN()),
                Filter.createEqualityFilter("memberUid", name)),
            COMMON_NAME);
    search.setSizeLimit(MAX_GROUPS);
    for (SearchResultEntry group : connection.search(search).getSearchEntries()) {
      String written = group.getAttributeValue(COMMON_NAME);
      if (written != null) {
        groups.add(written);
      }
    }
    return groups;
  }

  private static void commonName(String group, Set<String> groups) throws LDAPException {
    RDN first = new DN(group).getRDN();
    if (first != null) {
      for (Attribute attribute : first.getAttributes()) {
        if (attribute.getBaseName().equalsIgnoreCase(COMMON_NAME)) {
          groups.add(attribute.getValue());
        }
      }
    }
  }

  private static boolean isRight(LDAPConnection connection, String dn, String password)
      throws LDAPException {
    try {
      connection.bind(dn, password);
      return true;
    } catch (LDAPException e) {
      ResultCode code = e.getResultCode();
      // The last two: what a directory says of an account that is locked or has expired.
      if (code.equals(ResultCode.INVALID_CREDENTIALS)
          || code.equals(ResultCode.INAPPROPRIATE_AUTHENTICATION)
          || code.equals(ResultCode.NO_SUCH_OBJECT)
          || code.equals(ResultCode.UNWILLING_TO_PERFORM)
          || code.equals(ResultCode.CONSTRAINT_VIOLATION)) {
        return false;
      }
      throw e;
    }
  }

  /** Connections as what is known of the server stands now. */
  private synchronized LDAPConnectionPool pool() throws LDAPException {
    SSLSocketFactory sockets = trust.get();
    SimpleBindRequest bind = account.get();
    Connected current = connected;
    if (current == null || !current.sockets.equals(sockets) || !current.bind.equals(bind)) {
      Connected next = new Connected(sockets, bind, connect(sockets, bind));
      if (current != null) {
        current.pool.close();
      }
      connected = next;
      current = next;
    }
    return current.pool;
  }

  private LDAPConnectionPool connect(SSLSocketFactory sockets, SimpleBindRequest bind)
      throws LDAPException {
    LDAPURL url = new LDAPURL(settings.url());
    LDAPConnectionOptions options = new LDAPConnectionOptions();
    options.setConnectTimeoutMillis(CONNECT_MILLIS);
    options.setResponseTimeoutMillis(RESPONSE_MILLIS);
    options.setFollowReferrals(false);
    options.setSSLSocketVerifier(new HostNameSSLSocketVerifier(true));
    boolean encrypted = url.getScheme().equals("ldaps");
    SingleServerSet server =
        encrypted
            ? new SingleServerSet(url.getHost(), url.getPort(), sockets, options)
            : new SingleServerSet(url.getHost(), url.getPort(), options);
    PostConnectProcessor startTls = encrypted ? null : new StartTLSPostConnectProcessor(sockets);
    // None at first: a server that is down must not keep the pool from being made.
    LDAPConnectionPool pool = new LDAPConnectionPool(server, bind, 0, CONNECTIONS, startTls, false);
    pool.setCreateIfNecessary(false);
    pool.setMaxWaitTimeMillis(WAIT_MILLIS);
    // What lies between may forget a connection without a word.
    pool.setMaxConnectionAgeMillis(MAX_AGE_MILLIS);
    pool.setRetryFailedOperationsDueToInvalidConnections(Set.of());
    return pool;
  }

  private static Supplier<SimpleBindRequest> account(
      RegistryConfiguration.@Nullable Bind bind, FilePoller poller) {
    SimpleBindRequest anonymous = new SimpleBindRequest();
    if (bind == null) {
      return () -> anonymous;
    }
    WatchedFiles<SimpleBindRequest> watched =
        poller.watch(
            new WatchedFiles<>(
                "account for the directory",
                List.of(bind.dnFile(), bind.passwordFile()),
                MAX_FILE_BYTES,
                contents -> new SimpleBindRequest(line(contents.get(0)), line(contents.get(1)))));
    return () -> watched.current().orElse(anonymous);
  }

  /** Editors end a file with a line feed, which is in no name and in no password. */
  private static String line(byte[] content) {
    return new String(content, UTF_8).stripTrailing();
  }

  private record Connected(
      SSLSocketFactory sockets, SimpleBindRequest bind, LDAPConnectionPool pool) {}
}
