package dev.berth.operator;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** What the operator logs, as its own configuration writes it. */
final class OperatorLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Queue<String> warnings = new ConcurrentLinkedQueue<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Encoder<ILoggingEvent> encoder =
      ((ConsoleAppender<ILoggingEvent>) root.getAppender("stdout")).getEncoder();

  OperatorLog() {
    start();
    root.addAppender(this);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
      warnings.add(new String(encoder.encode(event), StandardCharsets.UTF_8));
    }
  }

  /** Every warning and error, with its stack trace where it has one. */
  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** Those with a stack trace. */
  List<String> stackTraces() {
    return warnings.stream().filter(text -> text.contains("\n\tat ")).toList();
  }

  @Override
  public void close() {
    root.detachAppender(this);
    stop();
  }
}
