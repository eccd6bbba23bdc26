package dev.berth.registry.tls;

import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.watch.FilePoller;
import dev.berth.registry.watch.WatchedFiles;
import io.micronaut.http.ssl.CertificateProvider;
import java.security.KeyStore;
import java.util.List;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Sinks;

/** Gives a port its certificate, and every later one. Connections that are open keep theirs. */
public final class ReloadingCertificate implements CertificateProvider {
  private final String name;
  private final Sinks.Many<KeyStore> keyStores = Sinks.many().replay().latest();
  private volatile String fingerprint = "";

  ReloadingCertificate(String name, RegistryConfiguration.Tls tls, FilePoller poller) {
    this.name = name;
    poller
        .watch(
            new WatchedFiles<>(
                "TLS certificate",
                List.of(tls.certificate(), tls.key()),
                ServerCertificate.MAX_FILE_BYTES,
                ServerCertificate::read))
        .onChange(
            certificate -> {
              keyStores.emitNext(certificate.keyStore(), Sinks.EmitFailureHandler.FAIL_FAST);
              fingerprint = certificate.fingerprint();
            });
  }

  /** SHA-256, hex, of the certificate that new connections get; empty: there is none yet. */
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public Publisher<KeyStore> getKeyStore() {
    return keyStores.asFlux();
  }
}
