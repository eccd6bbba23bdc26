package dev.berth.registry.identity;

import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import dev.berth.registry.watch.FilePoller;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Gets small documents by HTTP, from servers whose certificate authority is trusted. */
final class TrustedRetriever implements ResourceRetriever {
  private static final int CONNECT_MILLIS = 3000;
  private static final int READ_MILLIS = 5000;
  private static final int MAX_BYTES = 512 << 10;

  private final Supplier<SSLSocketFactory> trust;

  /**
   * Makes one.
   *
   * @param caFile PEM, read again when it changes; null: the authorities of the Java runtime
   */
  TrustedRetriever(@Nullable Path caFile, FilePoller poller) {
    this.trust = TrustedAuthorities.of(caFile, poller);
  }

  @Override
  public Resource retrieveResource(URL url) throws IOException {
    return new DefaultResourceRetriever(CONNECT_MILLIS, READ_MILLIS, MAX_BYTES, true, trust.get())
        .retrieveResource(url);
  }
}
