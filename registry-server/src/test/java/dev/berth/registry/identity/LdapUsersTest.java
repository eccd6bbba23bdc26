package dev.berth.registry.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.OperationType;
import dev.berth.registry.cli.TestCertificates;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.watch.FilePoller;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users of a directory server that runs here, over encrypted connections. */
final class LdapUsersTest {
  private static final String PEOPLE = "ou=people,dc=example,dc=com";
  private static final String GROUPS = "ou=groups,dc=example,dc=com";
  private static final String SEARCHER = "cn=searcher,dc=example,dc=com";

  @TempDir Path folder;

  private final TestCertificates certificate = TestCertificates.ec("directory");
  private final FilePoller poller = new FilePoller();
  private final AtomicLong nanos = new AtomicLong();
  private InMemoryDirectoryServer server;

  @BeforeEach
  void start() throws Exception {
    Files.write(folder.resolve("ca.crt"), certificate.certificatePem());
    Files.writeString(folder.resolve("dn"), SEARCHER + "\n");
    Files.writeString(folder.resolve("password"), "searching");
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig("dc=example,dc=com");
    config.addAdditionalBindCredentials(SEARCHER, "searching");
    config.setAuthenticationRequiredOperationTypes(OperationType.SEARCH);
    config.setSchema(null);
    SSLContext tls = serving();
    InetAddress here = InetAddress.getLoopbackAddress();
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPSConfig(
            "ldaps", here, 0, tls.getServerSocketFactory(), tls.getSocketFactory()),
        InMemoryListenerConfig.createLDAPConfig("ldap", here, 0, tls.getSocketFactory()));
    server = new InMemoryDirectoryServer(config);
    server.add("dn: dc=example,dc=com", "objectClass: domain", "dc: example");
    server.add("dn: " + PEOPLE, "objectClass: organizationalUnit", "ou: people");
    server.add("dn: " + GROUPS, "objectClass: organizationalUnit", "ou: groups");
    server.add(
        "dn: uid=alice," + PEOPLE,
        "objectClass: inetOrgPerson",
        "uid: alice",
        "cn: Alice",
        "sn: A",
        "userPassword: correct horse",
        "memberOf: cn=platform," + GROUPS,
        "memberOf: cn=Dev\\, all," + GROUPS);
    server.add(
        "dn: cn=owners," + GROUPS,
        "objectClass: groupOfNames",
        "cn: owners",
        "member: uid=alice," + PEOPLE);
    server.startListening();
  }

  @AfterEach
  void stop() {
    server.shutDown(true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ldaps", "ldap"})
  void aUserOfTheDirectoryHasItsGroups(String scheme) throws Exception {
    assertThat(users(scheme, null).authenticate("alice", "correct horse"))
        .isEqualTo(Caller.user("alice", Set.of("platform", "Dev, all"), "ldap"));
  }

  @Test
  void groupsAreSearchedWhereTheUserDoesNotListThem() throws Exception {
    assertThat(users("ldaps", GROUPS).authenticate("alice", "correct horse"))
        .isEqualTo(Caller.user("alice", Set.of("owners"), "ldap"));
  }

  @Test
  void theNameIsAsTheDirectoryWritesIt() throws Exception {
    assertThat(users("ldaps", null).authenticate("ALICE", "correct horse"))
        .extracting(Caller::name)
        .isEqualTo("alice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"alice", "bob", "*", "a*", "alice)(uid=*", "alice,ou=people", ""})
  void aWrongPasswordAndAnUnknownNameAreTheSame(String name) {
    LdapUsers users = users("ldaps", null);

    for (String password : new String[] {"wrong", "", "*", "correct horse "}) {
      assertThatThrownBy(() -> users.authenticate(name, password))
          .isInstanceOf(InvalidCredentialException.class)
          .hasMessage("the user name or the password is wrong");
    }
  }

  @Test
  void twoWithOneNameAreNobody() throws Exception {
    server.add(
        "dn: cn=other alice," + PEOPLE,
        "objectClass: inetOrgPerson",
        "uid: alice",
        "cn: other alice",
        "sn: A",
        "userPassword: correct horse");

    assertThatThrownBy(() -> users("ldaps", null).authenticate("alice", "correct horse"))
        .isInstanceOf(InvalidCredentialException.class);
  }

  @Test
  void oneOfTwoNamesIsNobodysToChoose() throws Exception {
    server.add(
        "dn: cn=mallory," + PEOPLE,
        "objectClass: inetOrgPerson",
        "uid: root",
        "uid: mallory",
        "cn: mallory",
        "sn: M",
        "userPassword: known");

    assertThatThrownBy(() -> users("ldaps", null).authenticate("mallory", "known"))
        .isInstanceOf(InvalidCredentialException.class);
  }

  @Test
  void threeWithOneNameAreNobodyToo() throws Exception {
    for (String other : new String[] {"b", "c"}) {
      server.add(
          "dn: cn=" + other + "," + PEOPLE,
          "objectClass: inetOrgPerson",
          "uid: alice",
          "cn: " + other,
          "sn: A",
          "userPassword: correct horse");
    }

    assertThatThrownBy(() -> users("ldaps", null).authenticate("alice", "correct horse"))
        .isInstanceOf(InvalidCredentialException.class);
  }

  @Test
  void aRightPasswordIsRememberedForAMinute() throws Exception {
    LdapUsers users = users("ldaps", null);
    users.authenticate("alice", "correct horse");

    server.delete("uid=alice," + PEOPLE);

    assertThat(users.authenticate("alice", "correct horse")).isNotNull();
    nanos.addAndGet(Duration.ofSeconds(61).toNanos());
    assertThatThrownBy(() -> users.authenticate("alice", "correct horse"))
        .isInstanceOf(InvalidCredentialException.class);
  }

  @Test
  void aDirectoryThatDoesNotAnswerIsNobodysWrongPassword() {
    LdapUsers users = users("ldaps", null);
    server.shutDown(true);

    unavailable(users);
  }

  @Test
  void aDirectoryThatNobodyVouchesForIsNotAsked() throws IOException {
    Files.write(folder.resolve("ca.crt"), TestCertificates.ec("other").certificatePem());

    unavailable(users("ldaps", null));
    unavailable(users("ldap", null));
  }

  @Test
  void theAccountThatSearchesIsReadAnew() throws Exception {
    // Given
    Files.writeString(folder.resolve("password"), "not yet right");
    LdapUsers users = users("ldaps", null);
    unavailable(users);

    // When
    Files.writeString(folder.resolve("password"), "searching\n");
    poller.look();

    // Then
    assertThat(users.authenticate("alice", "correct horse")).isNotNull();
  }

  private static void unavailable(LdapUsers users) {
    assertThatThrownBy(() -> users.authenticate("alice", "correct horse"))
        .asInstanceOf(type(OciException.class))
        .extracting(OciException::code)
        .isEqualTo(ErrorCode.UNAVAILABLE);
  }

  private LdapUsers users(String scheme, @Nullable String groups) {
    return new LdapUsers(
        new RegistryConfiguration.Ldap(
            scheme + "://localhost:" + server.getListenPort(scheme),
            PEOPLE,
            "uid",
            groups,
            new RegistryConfiguration.Bind(folder.resolve("dn"), folder.resolve("password")),
            folder.resolve("ca.crt")),
        poller,
        nanos::get);
  }

  private SSLContext serving() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "server",
        certificate.keys().getPrivate(),
        new char[0],
        new Certificate[] {certificate.certificate()});
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
