package dev.berth.quickstart.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** What the tests' containers run: a small HTTP server that shows what it was given. */
final class TestProgram {

  private TestProgram() {}

  public static void main(String[] arguments) throws IOException {
    List<String> args = List.of(arguments);
    if (args.contains("exit")) {
      System.exit(3);
    }
    AtomicBoolean ready = new AtomicBoolean(!args.contains("unready"));
    AtomicBoolean live = new AtomicBoolean(true);
    InetAddress address =
        InetAddress.ofLiteral(Objects.requireNonNull(System.getenv("BERTH_LISTEN_ADDRESS")));
    HttpServer server = HttpServer.create(new InetSocketAddress(address, 8080), 0);
    server.createContext("/pid", e -> answer(e, 200, Long.toString(ProcessHandle.current().pid())));
    server.createContext("/args", e -> answer(e, 200, String.join("\n", args)));
    server.createContext("/env", e -> answer(e, 200, String.valueOf(System.getenv(query(e)))));
    server.createContext("/address", e -> answer(e, 200, address.getHostAddress()));
    server.createContext("/read", e -> answer(e, 200, Files.readString(Path.of(query(e)))));
    server.createContext(
        "/append",
        e -> {
          Files.writeString(
              Path.of(query(e)), "x", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
          answer(e, 200, "");
        });
    server.createContext("/ready", e -> answer(e, ready.get() ? 200 : 503, ""));
    server.createContext("/live", e -> answer(e, live.get() ? 200 : 503, ""));
    server.createContext(
        "/set",
        e -> {
          switch (query(e)) {
            case "ready" -> ready.set(true);
            case "unready" -> ready.set(false);
            case "dead" -> live.set(false);
            default -> throw new IOException("unknown state");
          }
          answer(e, 200, "");
        });
    server.createContext("/exit", e -> Runtime.getRuntime().halt(3));
    server.start();
  }

  private static String query(HttpExchange exchange) {
    return exchange.getRequestURI().getQuery();
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
