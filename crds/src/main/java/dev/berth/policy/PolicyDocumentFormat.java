package dev.berth.policy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * JSON, gzipped or not. What is written is canonical: equal content gives equal bytes, and so equal
 * revisions.
 */
public final class PolicyDocumentFormat {

  /** A gzipped document fits in a Secret (1 MiB); unpacked it may be this large, in bytes. */
  public static final int MAX_UNPACKED_BYTES = 64 << 20;

  // Of a key that occurs twice the last one would count: a grant that was taken out could be there.
  static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxDocumentLength(MAX_UNPACKED_BYTES).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private PolicyDocumentFormat() {}

  /** The document of this content, with its revision. */
  public static PolicyDocument document(PolicyDocument.Content content, long sequence) {
    return new PolicyDocument(hashOf(content), sequence, content);
  }

  /** What both sides call these rules: the same whatever is ordered or acknowledged with them. */
  public static String hash(Retention rules) {
    return hashOf(rules.withoutOrders());
  }

  private static String hashOf(Object written) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(JSON.writeValueAsBytes(written));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          "records of strings always serialize, and every JDK has SHA-256", e);
    }
  }

  public static byte[] gzip(PolicyDocument document) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      JSON.writeValue(gzip, document);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads a document from JSON, gzipped or not.
   *
   * @throws IOException when this is no policy document, or one larger than {@link
   *     #MAX_UNPACKED_BYTES}; its message says which field is wrong
   */
  public static PolicyDocument read(byte[] bytes) throws IOException {
    try (InputStream in = unpacked(bytes)) {
      PolicyDocument document = JSON.readValue(in, PolicyDocument.class);
      if (document == null) {
        throw new IOException("it is null");
      }
      return document;
    } catch (JsonProcessingException e) {
      throw new IOException(PolicyMistake.of(e), e);
    } catch (EOFException e) {
      throw new IOException("the gzipped data ends too early", e);
    }
  }

  private static InputStream unpacked(byte[] bytes) throws IOException {
    boolean gzipped = bytes.length > 1 && (bytes[0] & 0xff) == 0x1f && (bytes[1] & 0xff) == 0x8b;
    InputStream in = new ByteArrayInputStream(bytes);
    return gzipped ? new GZIPInputStream(in) : in;
  }
}
