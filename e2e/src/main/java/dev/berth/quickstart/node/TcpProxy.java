package dev.berth.quickstart.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes the connections of one listening address on to targets in turn. A target that does not
 * take the connection is skipped; with none left the client's connection is closed. Each direction
 * ends on its own, so that half-closed connections work.
 */
final class TcpProxy implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TcpProxy.class);
  private static final int BUFFER = 64 * 1024;
  private static final int BACKLOG = 512;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger turn = new AtomicInteger();
  private volatile List<InetSocketAddress> targets = List.of();

  private TcpProxy(ServerSocket listener) {
    this.listener = listener;
  }

  static TcpProxy listen(InetSocketAddress address) throws IOException {
    ServerSocket listener = new ServerSocket();
    try {
      listener.setReuseAddress(true);
      listener.bind(address, BACKLOG);
    } catch (IOException e) {
      listener.close();
      throw e;
    }
    TcpProxy proxy = new TcpProxy(listener);
    Thread.ofVirtual().name("proxy " + address).start(proxy::accept);
    return proxy;
  }

  void targets(List<InetSocketAddress> now) {
    targets = List.copyOf(now);
  }

  int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() {
    close(listener);
    open.forEach(TcpProxy::close);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          LOG.warn("{} does not accept connections", listener.getLocalSocketAddress(), e);
        }
      }
    }
  }

  private void serve(Socket client) {
    Socket target = connect();
    if (target == null) {
      close(client);
      open.remove(client);
      return;
    }
    open.add(target);
    try {
      // Small requests must not wait for the peer's delayed acknowledgement.
      client.setTcpNoDelay(true);
      target.setTcpNoDelay(true);
      Thread upwards = Thread.ofVirtual().start(() -> copy(client, target));
      copy(target, client);
      upwards.join();
    } catch (IOException e) {
      LOG.debug("connection to {} ended", target, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close(client);
      close(target);
      open.remove(client);
      open.remove(target);
    }
  }

  private @Nullable Socket connect() {
    List<InetSocketAddress> candidates = targets;
    int first = turn.getAndIncrement();
    for (int i = 0; i < candidates.size(); i++) {
      InetSocketAddress candidate = candidates.get(Math.floorMod(first + i, candidates.size()));
      Socket socket = new Socket();
      try {
        socket.connect(candidate, (int) CONNECT_TIMEOUT.toMillis());
        return socket;
      } catch (IOException e) {
        LOG.debug("{} takes no connection", candidate, e);
        close(socket);
      }
    }
    return null;
  }

  private static void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // One side is gone: the other must hear of it now, or it waits for ever.
      close(from);
      close(to);
    }
  }

  private static void close(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      LOG.debug("close of {}", socket, e);
    }
  }
}
