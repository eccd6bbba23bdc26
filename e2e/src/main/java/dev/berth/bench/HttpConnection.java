package dev.berth.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * HTTP/1.1 over one socket, one request at a time. The JDK's client spends more CPU on a request
 * than the servers that are measured, which share the machine with it: the figures would be its
 * own. Bodies that it receives have a Content-Length or are chunked; nothing else is understood.
 */
final class HttpConnection implements AutoCloseable {

  private static final int CONNECT_MILLIS = 10_000;
  private static final int FIRST_FINAL_STATUS = 200;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private final Endpoint endpoint;
  private final AnswerReader reader;
  private SocketChannel channel;
  private boolean ending;

  HttpConnection(Endpoint endpoint) throws IOException {
    this.endpoint = endpoint;
    this.channel = connect(endpoint);
    this.reader = new AnswerReader(channel);
  }

  /**
   * The head of a request, to be sent once or often.
   *
   * @param headers lines that end with CR LF
   * @param length of the body, negative where there is none
   */
  byte[] head(String method, String target, String headers, long length) {
    StringBuilder head = new StringBuilder(method);
    head.append(' ').append(target).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(endpoint.authority()).append("\r\n");
    if (endpoint.authorization() != null) {
      head.append("Authorization: ").append(endpoint.authorization()).append("\r\n");
    }
    head.append(headers);
    if (length >= 0) {
      head.append("Content-Length: ").append(length).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Begins a request. */
  void begin(byte[] head) throws IOException {
    if (ending) {
      channel.close();
      channel = connect(endpoint);
      reader.continueWith(channel);
      ending = false;
    }
    write(ByteBuffer.wrap(head));
  }

  /** Goes on with the body of a request. */
  void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Sends a request without a body, and reads the answer. */
  Answer send(String method, String target, String headers) throws IOException {
    begin(head(method, target, headers, -1));
    return receive(method);
  }

  /** Sends a request with a body, and reads the answer. */
  Answer send(String method, String target, String headers, byte[] body) throws IOException {
    begin(head(method, target, headers, body.length));
    write(ByteBuffer.wrap(body));
    return receive(method);
  }

  /** The answer to a request of this method, read to its end. */
  Answer receive(String method) throws IOException {
    Answer answer = receiveHead();
    boolean empty =
        method.equals("HEAD") || answer.status() == NO_CONTENT || answer.status() == NOT_MODIFIED;
    return empty ? answer : answer.withBody(reader.body(answer));
  }

  /** The answer without its body, which is to be drained, where it has this status. */
  Answer receiveHead(int expected) throws IOException {
    Answer answer = receiveHead();
    return answer.status() == expected ? answer : answer.withBody(reader.body(answer));
  }

  /** Hands that many bytes of a body to the sink, which need not read what it is given. */
  void drain(long length, Consumer<ByteBuffer> sink) throws IOException {
    reader.drain(length, sink);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private Answer receiveHead() throws IOException {
    Answer answer = reader.head();
    while (answer.status() < FIRST_FINAL_STATUS) {
      answer = reader.head();
    }
    ending = answer.header("connection").equalsIgnoreCase("close");
    return answer;
  }

  private static SocketChannel connect(Endpoint endpoint) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel
          .socket()
          .connect(new InetSocketAddress(endpoint.host(), endpoint.port()), CONNECT_MILLIS);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }
}
