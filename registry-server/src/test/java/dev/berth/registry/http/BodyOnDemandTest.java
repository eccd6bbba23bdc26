package dev.berth.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A body stays with its client until the layer above wants it. */
final class BodyOnDemandTest {
  private static final int LARGE = 1 << 20;

  private final Reads reads = new Reads();
  private final EmbeddedChannel channel = new EmbeddedChannel();

  @BeforeEach
  void connect() {
    channel.config().setAutoRead(false);
    channel.pipeline().addLast(reads, new BodyOnDemand());
    reads.count = 0;
  }

  @Test
  void aLargeBodyIsReadOnceItIsWanted() {
    // Given
    channel.writeInbound(request(LARGE));
    channel.writeInbound(new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[1000])));

    // When
    channel.pipeline().read();

    // Then
    assertThat(reads.count).isZero();

    // When
    channel.writeOutbound(answer(HttpResponseStatus.CONTINUE));

    // Then
    assertThat(reads.count).isEqualTo(1);
    assertThat(answered()).isEmpty();
    channel.pipeline().read();
    assertThat(reads.count).isEqualTo(2);
  }

  @Test
  void aClientThatWaitsIsAskedForItsBody() {
    HttpRequest request = request(LARGE);
    request.headers().set(HttpHeaderNames.EXPECT, "100-continue");
    channel.writeInbound(request);

    channel.writeOutbound(answer(HttpResponseStatus.CONTINUE));
    channel.writeOutbound(answer(HttpResponseStatus.CREATED));

    assertThat(answered()).containsExactly(HttpResponseStatus.CONTINUE, HttpResponseStatus.CREATED);
  }

  @Test
  void whatIsRefusedIsReadOffTheConnection() {
    channel.writeInbound(request(LARGE));
    channel.pipeline().read();

    channel.writeOutbound(answer(HttpResponseStatus.UNAUTHORIZED));

    assertThat(reads.count).isEqualTo(1);
    assertThat(answered()).containsExactly(HttpResponseStatus.UNAUTHORIZED);
  }

  @Test
  void aSmallBodyAndNoneAreReadAtOnce() {
    channel.writeInbound(request(1000));
    channel.pipeline().read();
    channel.writeInbound(new DefaultLastHttpContent());
    channel.writeOutbound(answer(HttpResponseStatus.CREATED));
    channel.writeInbound(request(0), new DefaultLastHttpContent());
    channel.pipeline().read();

    assertThat(reads.count).isEqualTo(2);
    assertThat(answered()).containsExactly(HttpResponseStatus.CREATED);
  }

  @Test
  void theAnswerToAnEarlierRequestDoesNotReadTheBodyOfTheNext() {
    // Given
    channel.writeInbound(request(0), new DefaultLastHttpContent(), request(LARGE));
    channel.pipeline().read();

    // When
    channel.writeOutbound(answer(HttpResponseStatus.OK));

    // Then
    assertThat(reads.count).isZero();

    // When
    channel.writeOutbound(answer(HttpResponseStatus.CONTINUE));

    // Then
    assertThat(reads.count).isEqualTo(1);
    assertThat(answered()).containsExactly(HttpResponseStatus.OK);
  }

  private static HttpRequest request(int length) {
    HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.PUT, "/");
    request.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
    return request;
  }

  private static HttpResponse answer(HttpResponseStatus status) {
    return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
  }

  private List<HttpResponseStatus> answered() {
    return Stream.generate(() -> (HttpResponse) channel.readOutbound())
        .takeWhile(response -> response != null)
        .map(HttpResponse::status)
        .toList();
  }
}
