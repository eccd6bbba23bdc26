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
final class ReloadingCertificate implements CertificateProvider {
  private final String name;
  private final Sinks.Many<KeyStore> keyStores = Sinks.many().replay().latest();

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
            certificate ->
                keyStores.emitNext(certificate.keyStore(), Sinks.EmitFailureHandler.FAIL_FAST));
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
