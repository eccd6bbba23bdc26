package dev.berth.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Asks the registry by itself, where starting a client would take longer than the answer. */
final class RegistryProbe implements AutoCloseable {
  private final HttpClient client;

  RegistryProbe(Path authority) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream pem = Files.newInputStream(authority)) {
      store.setCertificateEntry(
          "authority", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    client = HttpClient.newBuilder().sslContext(context).build();
  }

  /** Whether a caller with this password gets the manifest. */
  boolean pull(String repository, String tag, String password)
      throws IOException, InterruptedException {
    String basic =
        Base64.getEncoder().encodeToString(("token:" + password).getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "https://%s/v2/%s/manifests/%s"
                        .formatted(RunningSystem.REGISTRY, repository, tag)))
            .header("Authorization", "Basic " + basic)
            .header("Accept", "application/vnd.oci.image.manifest.v1+json")
            .build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
  }

  @Override
  public void close() {
    client.close();
  }
}
