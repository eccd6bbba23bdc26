package dev.berth.bench;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Pushes and pulls over one connection, and takes no answer but the right one. */
final class RegistryClient implements AutoCloseable {

  /** What a push of a manifest says of it. */
  static final String MANIFEST_HEADER = "Content-Type: " + Image.MANIFEST_TYPE + "\r\n";

  private static final String BYTES_HEADER = "Content-Type: application/octet-stream\r\n";
  private static final String POST = "POST";
  private static final String PUT = "PUT";
  private static final byte[] EMPTY = {};

  private final HttpConnection connection;

  RegistryClient(Endpoint endpoint) throws IOException {
    this.connection = new HttpConnection(endpoint);
  }

  static String blobPath(String repository, String digest) {
    return "/v2/" + repository + "/blobs/" + digest;
  }

  static String manifestPath(String repository, String reference) {
    return "/v2/" + repository + "/manifests/" + reference;
  }

  static String uploadsPath(String repository) {
    return "/v2/" + repository + "/blobs/uploads/";
  }

  /** Pushes as clients do: asks for each layer first, then sends blobs and manifest. */
  void push(String repository, String tag, Image image) throws IOException {
    for (Blob layer : image.layers()) {
      request("HEAD", blobPath(repository, layer.digest()), "", 404);
      pushBlob(repository, layer);
    }
    pushBlob(repository, image.config());
    pushManifest(repository, tag, image);
  }

  void pushManifest(String repository, String tag, Image image) throws IOException {
    String path = manifestPath(repository, tag);
    connection
        .send(PUT, path, MANIFEST_HEADER, image.manifest().content())
        .expect(201, PUT + " " + path);
  }

  /** Begins an upload, and returns where its bytes go. */
  String startUpload(String repository) throws IOException {
    String path = uploadsPath(repository);
    return location(connection.send(POST, path, "", EMPTY).expect(202, POST + " " + path));
  }

  /** Sends the blob as one stream to the upload, and finishes it. */
  void pushLarge(String upload, LargeBlob blob) throws IOException {
    connection.begin(connection.head("PATCH", upload, BYTES_HEADER, blob.size()));
    blob.writeTo(connection);
    Answer answer = connection.receive("PATCH").expect(202, "PATCH " + upload);
    String finish = withDigest(location(answer), blob.digest());
    connection.send(PUT, finish, "", EMPTY).expect(201, PUT + " " + finish);
  }

  /** Pulls a blob of this size, and hands its bytes to the sink as they come. */
  void pullLarge(String repository, LargeBlob blob, Consumer<ByteBuffer> sink) throws IOException {
    String path = blobPath(repository, blob.digest());
    connection.begin(connection.head("GET", path, "", -1));
    Answer answer = connection.receiveHead(200).expect(200, "GET " + path);
    if (answer.length() != blob.size()) {
      throw new ProtocolException(
          "GET %s answered %d bytes instead of %d".formatted(path, answer.length(), blob.size()));
    }
    connection.drain(blob.size(), sink);
  }

  /** Sends a request without a body, and returns the answer of that status. */
  Answer request(String method, String path, String headers, int status) throws IOException {
    return connection.send(method, path, headers).expect(status, method + " " + path);
  }

  /** The bytes of a request that is to be repeated. */
  byte[] head(String method, String path, String headers) {
    return connection.head(method, path, headers, -1);
  }

  /** Sends such a request, and returns what is answered. */
  Answer repeat(byte[] head, String method) throws IOException {
    connection.begin(head);
    return connection.receive(method);
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }

  private void pushBlob(String repository, Blob blob) throws IOException {
    String finish = withDigest(startUpload(repository), blob.digest());
    connection.send(PUT, finish, BYTES_HEADER, blob.content()).expect(201, PUT + " " + finish);
  }

  private static String withDigest(String upload, String digest) {
    return upload + (upload.indexOf('?') < 0 ? '?' : '&') + "digest=" + digest;
  }

  /** The path of an absolute or a relative URL: both are allowed. */
  private static String location(Answer answer) throws ProtocolException {
    String location = answer.header("location");
    int authority = location.indexOf("://");
    int path = location.indexOf('/', authority < 0 ? 0 : authority + "://".length());
    if (path < 0) {
      throw new ProtocolException("an upload without a Location: \"" + location + "\"");
    }
    return location.substring(path);
  }
}
