package dev.berth.registry.http;

import dev.berth.registry.config.RegistryConfiguration;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the connections of clients, and closes those that are too many. They are told nothing: an
 * answer would take the memory, and by TLS the handshake, that the limit saves. The management port
 * stays open.
 */
// Nobody waits for a connection that is closed.
@SuppressWarnings("FutureReturnValueIgnored")
@Singleton
final class OpenConnections {
  private static final Logger LOG = LoggerFactory.getLogger(OpenConnections.class);
  private static final long WARNING_NANOS = Duration.ofMinutes(1).toNanos();

  private final int most;
  private final RegistryConfiguration configuration;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong lastWarning = new AtomicLong(System.nanoTime() - WARNING_NANOS);
  private final Counter refused;

  OpenConnections(RegistryConfiguration configuration, MeterRegistry meters) {
    this.configuration = configuration;
    this.most = configuration.limits().connections().most();
    meters.gauge("berth.connections.open", open);
    this.refused = meters.counter("berth.connections.refused");
  }

  void opened(Channel connection) {
    if (isManagement(connection)) {
      return;
    }
    boolean tooMany = open.incrementAndGet() > most;
    connection.closeFuture().addListener(_ -> open.decrementAndGet());
    if (tooMany) {
      refused.increment();
      warn();
      // Not before its handlers are there, which do not expect less.
      connection.eventLoop().execute(connection::close);
    }
  }

  /** How many are open. */
  int count() {
    return open.get();
  }

  private boolean isManagement(Channel connection) {
    return connection.localAddress() instanceof InetSocketAddress local
        && configuration.isManagement(local.getPort());
  }

  private void warn() {
    long now = System.nanoTime();
    long last = lastWarning.get();
    if (now - last >= WARNING_NANOS && lastWarning.compareAndSet(last, now)) {
      LOG.warn(
          "connections are refused: {} are open, which is limits.connections.most; raise it, or see which clients keep theirs",
          most);
    }
  }
}
