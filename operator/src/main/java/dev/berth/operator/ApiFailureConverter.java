package dev.berth.operator;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Writes an exception behind its message: in a few words when the API server is what failed, since
 * where that was noticed says nothing and the frameworks log each attempt; else with its stack.
 */
public final class ApiFailureConverter extends ThrowableProxyConverter {
  private static final Set<String> API_FAILURES =
      Set.of(
          KubernetesClientException.class.getName(),
          TimeoutException.class.getName(),
          ConnectException.class.getName(),
          SocketException.class.getName(),
          ClosedChannelException.class.getName(),
          HttpConnectTimeoutException.class.getName(),
          EOFException.class.getName());
  private static final int LONGEST = 500;

  @Override
  public String convert(ILoggingEvent event) {
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown == null) {
      return "";
    }
    IThrowableProxy failure = apiFailure(thrown);
    return failure == null
        ? System.lineSeparator() + super.convert(event).stripTrailing()
        : ": " + text(failure);
  }

  private static @Nullable IThrowableProxy apiFailure(IThrowableProxy thrown) {
    for (IThrowableProxy cause = thrown; cause != null; cause = cause.getCause()) {
      if (API_FAILURES.contains(cause.getClassName())) {
        return cause;
      }
    }
    return null;
  }

  private static String text(IThrowableProxy failure) {
    IThrowableProxy cause = failure.getCause();
    String message =
        Objects.requireNonNullElse(failure.getMessage(), "the API server did not answer in time");
    String why =
        cause == null || cause.getMessage() == null || message.contains(cause.getMessage())
            ? message
            : message + ": " + cause.getMessage();
    String line = why.replaceAll("\\s*\\R\\s*", " ").replaceFirst(" Received status: .*", "");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }
}
