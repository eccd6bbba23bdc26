package dev.berth.registry.identity;

import dev.berth.registry.tls.Pem;
import dev.berth.registry.watch.FilePoller;
import dev.berth.registry.watch.WatchedFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whose servers are trusted when this registry is the client. */
final class TrustedAuthorities {
  private static final int MAX_FILE_BYTES = 1 << 20;

  private TrustedAuthorities() {}

  /**
   * Sockets that trust what the file says at the moment. While it cannot be used, nobody is
   * trusted: the runtime's authorities were not what was asked for.
   *
   * @param caFile PEM; null: the authorities of the Java runtime
   */
  static Supplier<SSLSocketFactory> of(@Nullable Path caFile, FilePoller poller) {
    if (caFile == null) {
      return () -> (SSLSocketFactory) SSLSocketFactory.getDefault();
    }
    WatchedFiles<SSLSocketFactory> watched =
        poller.watch(
            new WatchedFiles<>(
                "certificate authority",
                List.of(caFile),
                MAX_FILE_BYTES,
                contents -> sockets(Pem.certificates(contents.getFirst()))));
    SSLSocketFactory nobody = nobody();
    return () -> watched.current().orElse(nobody);
  }

  private static SSLSocketFactory nobody() {
    try {
      return sockets(List.of());
    } catch (IOException e) {
      throw new IllegalStateException("every JDK makes an empty store", e);
    }
  }

  private static SSLSocketFactory sockets(List<X509Certificate> authorities) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (int i = 0; i < authorities.size(); i++) {
        store.setCertificateEntry("authority-" + i, authorities.get(i));
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificates cannot be used: " + e.getMessage(), e);
    }
  }
}
