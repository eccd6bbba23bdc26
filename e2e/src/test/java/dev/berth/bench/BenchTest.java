package dev.berth.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the benchmark says when it cannot measure. */
class BenchTest {

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--only pull-large; there is no workload pull-large, there are push-large, push-images,",
        "--runs 0; --runs must be at least 1",
        "--seconds 0; --seconds must be more than 0",
        "--seconds x; --seconds",
        "--unknown; Unknown option: '--unknown'",
        "--user a:b; --pid and --user are of a registry that --url names",
        "--url https://localhost:1; only plain HTTP is measured",
        "--url http://localhost:1 --user a; --user should be USER:PASSWORD",
        "--url http://localhost:1 --pid 999999999; no such process runs here",
        "--data /missing/folder; name a folder that is there with --data",
        "--json /missing/folder/f; --json /missing/folder/f cannot be written",
      })
  void saysInOneLineWhatIsWrongWithTheCommandLine(String line, String message) {
    int code = bench(line.split(" ", -1));

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains(message).hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void saysHowToBuildAServerThatIsMissing() {
    String before = System.setProperty("berth.home", folder.toString());
    try {
      assertThat(bench("--alone")).isEqualTo(2);
    } finally {
      restore(before);
    }

    assertThat(err.toString())
        .contains("berth-registry.jar is missing: build it with mvn")
        .hasLineCount(1);
  }

  @Test
  void namesARegistryThatCannotBeReached() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK)) {
      port = socket.getLocalPort();
    }

    assertThat(bench("--url", "http://127.0.0.1:" + port)).isEqualTo(2);

    assertThat(err.toString()).contains("127.0.0.1:" + port + " cannot be reached");
  }

  @Test
  void saysThatPushesAreRefused() throws IOException {
    HttpServer server = registry(403, 404);

    try {
      assertThat(bench("--url", url(server))).isEqualTo(2);
    } finally {
      server.stop(0);
    }

    assertThat(err.toString())
        .contains("refuses pushes to bench/pull with 403 {\"errors\":[]}")
        .contains("the user needs the rights to pull from and push to bench/**");
  }

  @Test
  void endsWithStatusAndBodyOfAnAnswerThatIsWrong() throws IOException {
    HttpServer server = registry(202, 500);

    try {
      assertThat(bench("--url", url(server))).isEqualTo(1);
    } finally {
      server.stop(0);
    }

    assertThat(err.toString())
        .contains("answered 500 instead of 201 {\"errors\":[]}")
        .doesNotContain("\tat ");
  }

  @Test
  void saysThatAPasswordIsWrong() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
    server.createContext("/v2/", exchange -> exchange.sendResponseHeaders(401, -1));
    server.start();

    try {
      assertThat(bench("--url", url(server), "--user", "bench:wrong")).isEqualTo(2);
    } finally {
      server.stop(0);
    }

    assertThat(err.toString()).contains("refuses the login (401)").doesNotContain("\tat ");
  }

  /** Answers what it is told, in JSON. */
  private static HttpServer registry(int start, int finish) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
    server.createContext(
        "/v2/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          int status =
              switch (exchange.getRequestMethod()) {
                case "POST" -> start;
                case "PUT" -> finish;
                case "HEAD" -> 404;
                default -> 200;
              };
          byte[] body = "{\"errors\":[]}".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Location", "/v2/upload?state=1");
          boolean head = exchange.getRequestMethod().equals("HEAD");
          exchange.sendResponseHeaders(status, head ? -1 : body.length);
          if (!head) {
            exchange.getResponseBody().write(body);
          }
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String url(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private int bench(String... arguments) {
    return Bench.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  private static void restore(@Nullable String before) {
    if (before == null) {
      System.clearProperty("berth.home");
    } else {
      System.setProperty("berth.home", before);
    }
  }
}
