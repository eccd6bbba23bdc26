package dev.berth.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.identity.Caller;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import io.github.bucket4j.TimeMeter;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpRequestWrapper;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Three requests a second, ten after a pause. */
final class RequestRateTest {
  private static final Caller ALICE = Caller.user("alice", Set.of(), "htpasswd");
  private static final Caller BOB = Caller.user("bob", Set.of(), "htpasswd");

  private final Time time = new Time();
  private final RequestRate rate = new RequestRate(new RegistryConfiguration.Requests(3, 10), time);

  @Test
  void aUserMayAskInBurstsAndThenAtTheRate() {
    ask(ALICE, 10);

    OciException refused = refusal(ALICE);

    assertThat(refused.code()).isEqualTo(ErrorCode.TOOMANYREQUESTS);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.headers()).containsEntry("Retry-After", "1");
    assertThat(refused.getMessage()).contains("3 a second", "wait 1 s");
    time.move(Duration.ofSeconds(2));
    ask(ALICE, 6);
    refusal(ALICE);
  }

  @Test
  void aPauseFillsTheBurstAndNoMore() {
    ask(ALICE, 10);
    time.move(Duration.ofHours(1));

    ask(ALICE, 10);

    refusal(ALICE);
  }

  @Test
  void oneCallerDoesNotTakeFromAnother() {
    ask(ALICE, 10);

    ask(BOB, 10);
    ask(Caller.ANONYMOUS, 10);

    refusal(Caller.ANONYMOUS);
  }

  @Test
  void callersWithoutCredentialsAreToldApartByAddress() {
    for (int i = 0; i < 10; i++) {
      identified("192.0.2.1", Caller.ANONYMOUS);
    }

    assertThat(refusal("192.0.2.1", Caller.ANONYMOUS).getMessage()).contains("log in");
    identified("192.0.2.2", Caller.ANONYMOUS);
    identified("192.0.2.1", ALICE);
  }

  @Test
  void theAddressesOfOneNetworkAreOneCaller() {
    for (int i = 0; i < 10; i++) {
      identified("2001:db8:0:1::" + i, Caller.ANONYMOUS);
    }

    refusal("2001:db8:0:1:ffff::1", Caller.ANONYMOUS);
    identified("2001:db8:0:2::1", Caller.ANONYMOUS);
  }

  @Test
  void aRequestThatAsksAgainWhoItIsFromIsCountedOnce() {
    HttpRequest<?> request = from("192.0.2.1");
    for (int i = 0; i < 100; i++) {
      rate.identified(request, ALICE);
    }

    ask(ALICE, 9);

    refusal(ALICE);
  }

  @Test
  void theCallerIsKnownToTheLogAlsoWhereItIsRefused() {
    ask(ALICE, 10);
    HttpRequest<?> request = from("192.0.2.1");

    assertThatThrownBy(() -> rate.identified(request, ALICE)).isInstanceOf(OciException.class);

    assertThat(request.getAttribute(Caller.ATTRIBUTE)).contains(ALICE);
  }

  @Test
  void withoutARateNobodyIsRefused() {
    RequestRate none = new RequestRate(new RegistryConfiguration.Requests(0, 1), time);

    assertThatCode(
            () -> {
              for (int i = 0; i < 1000; i++) {
                none.identified(from("192.0.2.1"), ALICE);
              }
            })
        .doesNotThrowAnyException();
  }

  private void ask(Caller caller, int times) {
    for (int i = 0; i < times; i++) {
      identified("192.0.2.1", caller);
    }
  }

  private void identified(String address, Caller caller) {
    rate.identified(from(address), caller);
  }

  private OciException refusal(Caller caller) {
    return refusal("192.0.2.1", caller);
  }

  private OciException refusal(String address, Caller caller) {
    OciException refused =
        catchThrowableOfType(OciException.class, () -> identified(address, caller));
    assertThat(refused).isNotNull();
    return refused;
  }

  private static HttpRequest<?> from(String address) {
    return new HttpRequestWrapper<>(HttpRequest.GET("/v2/")) {
      @Override
      public InetSocketAddress getRemoteAddress() {
        return new InetSocketAddress(address, 4000);
      }
    };
  }

  private static final class Time implements TimeMeter {
    private long nanos;

    void move(Duration by) {
      nanos += by.toNanos();
    }

    @Override
    public long currentTimeNanos() {
      return nanos;
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
