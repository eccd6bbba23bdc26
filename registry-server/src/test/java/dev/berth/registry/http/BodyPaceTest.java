package dev.berth.registry.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.registry.config.RegistryConfiguration;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A minute, and at least 1,000 bytes in each second of it; headers within ten seconds. */
final class BodyPaceTest {
  private static final RegistryConfiguration.Limits LIMITS =
      new RegistryConfiguration.Limits(
          1,
          1,
          1,
          1,
          1,
          1,
          Duration.ofMinutes(1),
          new RegistryConfiguration.Connections(1, 1, Duration.ofSeconds(10), 1000),
          new RegistryConfiguration.Requests(0, 1),
          new RegistryConfiguration.WrongPasswords(20, 20));

  private EmbeddedChannel channel = new EmbeddedChannel(new BodyPace(LIMITS));

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void aByteNowAndThenIsTooSlow() {
    begin();

    for (int second = 0; second < 50; second += 10) {
      pass(10);
      send(1);
      channel.checkException();
    }
    pass(10);

    assertThatThrownBy(channel::checkException).isInstanceOf(SlowBodyException.class);
    assertThat(channel.isOpen()).as("for the answer").isTrue();
  }

  @Test
  void aSlowBodyThatProgressesGoesOn() {
    begin();

    for (int minute = 0; minute < 24 * 60; minute++) {
      pass(59);
      send(60_100);
      pass(1);
      channel.checkException();
    }

    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void aBodyThatBecomesSlowIsEnded() {
    begin();
    send(100_000_000);
    pass(60);
    channel.checkException();

    send(1000);
    pass(60);

    assertThatThrownBy(channel::checkException).isInstanceOf(SlowBodyException.class);
  }

  @Test
  void whileTheServerDoesNotReadTheClientIsNotToBlame() {
    begin();
    channel.config().setAutoRead(false);
    send(10);

    pass(3600);
    channel.checkException();

    channel.config().setAutoRead(true);
    pass(59);
    channel.checkException();
    pass(1);
    assertThatThrownBy(channel::checkException).isInstanceOf(SlowBodyException.class);
  }

  @Test
  void aSmallBodyThatIsCompleteIsNotWaitedFor() {
    begin();
    channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);

    pass(3600);

    channel.checkException();
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void aBodyAfterItsAnswerEndsTheConnection() {
    begin();
    channel.writeOutbound(
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.BAD_REQUEST));

    pass(60);

    channel.checkException();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void theWordToContinueIsNoAnswer() {
    begin();
    channel.writeOutbound(
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));

    pass(60);

    assertThatThrownBy(channel::checkException).isInstanceOf(SlowBodyException.class);
  }

  @Test
  void headersThatDoNotEndAreAnsweredAlthoughTheyGoOn() {
    withHeaderDeadline();
    write("GET /v2/ HTTP/1.1\r\n");
    for (int i = 0; i < 9; i++) {
      pass(1);
      write("X-" + i + ": y\r\n");
    }
    assertThat(channel.<Object>readOutbound()).isNull();

    pass(1);

    ByteBuf answer = channel.readOutbound();
    assertThat(answer.toString(US_ASCII))
        .startsWith("HTTP/1.1 408 Request Timeout\r\nContent-Type: application/json\r\n")
        .contains("\r\n\r\n{\"errors\":[{\"code\":\"UNSUPPORTED\"");
    answer.release();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void emptyLinesBeforeARequestAreNotWaitedForEither() {
    withHeaderDeadline();
    write("\r\n");

    pass(10);

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aConnectionBetweenRequestsIsNotHurried() {
    withHeaderDeadline();
    pass(3600);
    write("GET /v2/ HTTP/1.1\r\nHost");
    pass(9);
    write(": x\r\n\r\n");
    pass(3600);
    write("PUT / HTTP/1.1\r\nContent-Length: 5\r\n\r\nh");
    pass(15);

    assertThat(channel.isOpen()).isTrue();
  }

  private void withHeaderDeadline() {
    channel.finishAndReleaseAll();
    BodyPace pace = new BodyPace(LIMITS);
    channel =
        new EmbeddedChannel(
            new HeaderDeadline(LIMITS.connections().headerTimeout(), pace),
            new HttpServerCodec(),
            pace);
    channel.freezeTime();
  }

  private void begin() {
    channel.freezeTime();
    channel.writeInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.PUT, "/"));
  }

  private void send(int bytes) {
    channel.writeInbound(new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[bytes])));
    channel.releaseInbound();
  }

  private void write(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, US_ASCII));
    channel.releaseInbound();
  }

  private void pass(int seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
  }
}
