package dev.berth.registry.management;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.berth.registry.tls.Certificates;
import dev.berth.registry.tls.ReloadingCertificate;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import jakarta.inject.Named;
import org.jspecify.annotations.Nullable;

/** Tells which certificate clients see, so that an authority goes only when nothing uses it. */
@Controller("/v1/certificate")
final class CertificateController {
  private final @Nullable ReloadingCertificate certificate;

  CertificateController(@Named(Certificates.DATA) @Nullable ReloadingCertificate certificate) {
    this.certificate = certificate;
  }

  @Get
  Fingerprint get() {
    return new Fingerprint(certificate == null ? "" : certificate.fingerprint());
  }

  /** SHA-256, hex; empty when clients speak plain HTTP. */
  record Fingerprint(@JsonProperty("fingerprint") String fingerprint) {}
}
