package dev.berth.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The command line.
 *
 * @param kubeconfig a cluster to use instead of the embedded API and the local node
 * @param fresh forget what earlier starts left
 * @param download fetch the binaries of a real API server
 * @param state where everything is kept
 * @param port the embedded API's; 0 takes a free one
 * @param exitWhenReady end once the registry was reached
 * @param timeout how long the registry may take to become ready
 */
public record QuickstartOptions(
    Optional<Path> kubeconfig,
    boolean fresh,
    boolean download,
    Path state,
    int port,
    boolean exitWhenReady,
    Duration timeout) {

  /** What {@code --help} prints; a file, so that the script has it before anything is built. */
  static String usage() {
    try (InputStream text = QuickstartOptions.class.getResourceAsStream("usage.txt")) {
      return new String(Objects.requireNonNull(text, "usage.txt").readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(3);
  private static final int LARGEST_PORT = 65_535;

  /** A mistake on the command line, in words for the person who made it. */
  public static final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
      super(message);
    }
  }

  /** Reads the command line; relative paths are relative to the current folder. */
  public static QuickstartOptions parse(List<String> arguments, Path home) throws UsageException {
    Optional<Path> kubeconfig = Optional.empty();
    boolean fresh = false;
    boolean download = false;
    Path state = home.resolve(".berth");
    int port = 0;
    boolean exitWhenReady = false;
    Duration timeout = DEFAULT_TIMEOUT;
    Deque<String> left = new ArrayDeque<>(arguments);
    while (!left.isEmpty()) {
      String option = left.pop();
      switch (option) {
        case "--kubeconfig" -> kubeconfig = Optional.of(Path.of(value(option, left)));
        case "--fresh" -> fresh = true;
        case "--download" -> download = true;
        case "--state" -> state = Path.of(value(option, left));
        case "--port" -> port = number(option, value(option, left), LARGEST_PORT);
        case "--exit-when-ready" -> exitWhenReady = true;
        case "--timeout" ->
            timeout = Duration.ofSeconds(number(option, value(option, left), Integer.MAX_VALUE));
        default -> throw new UsageException("unknown option " + option);
      }
    }
    if (kubeconfig.isPresent() && (download || port != 0)) {
      throw new UsageException(
          "--download and --port are for the embedded API, not for --kubeconfig");
    }
    return new QuickstartOptions(
        kubeconfig.map(Path::toAbsolutePath),
        fresh,
        download,
        state.toAbsolutePath().normalize(),
        port,
        exitWhenReady,
        timeout);
  }

  private static String value(String option, Deque<String> left) throws UsageException {
    if (left.isEmpty() || left.getFirst().startsWith("--")) {
      throw new UsageException(option + " needs a value");
    }
    return left.pop();
  }

  private static int number(String option, String text, int most) throws UsageException {
    try {
      int number = Integer.parseInt(text);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new UsageException(option + " needs a number, not \"" + text + "\"");
    }
    throw new UsageException(option + " must be between 0 and " + most);
  }
}
