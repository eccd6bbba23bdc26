package dev.berth.operator.tls;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.util.HexFormat;
import java.util.List;

/**
 * What was found out about PEM, which stays true: every visit of every registry asks the same, and
 * to check one key costs milliseconds. An answer is found by a hash, so that no key stays in memory
 * for it. That something cannot be read is not remembered.
 */
final class KnownAnswers<T> {
  private static final int MOST = 10_000;

  interface Question<T> {
    T answer() throws CertificateException;
  }

  private final Cache<String, T> answers = Caffeine.newBuilder().maximumSize(MOST).build();

  T get(List<String> about, Question<T> question) throws CertificateException {
    String key = hash(about);
    T known = answers.getIfPresent(key);
    if (known == null) {
      known = question.answer();
      answers.put(key, known);
    }
    return known;
  }

  private static String hash(List<String> about) {
    try {
      MessageDigest hash = MessageDigest.getInstance("SHA-256");
      for (String pem : about) {
        hash.update((pem.length() + "\n" + pem).getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(hash.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
