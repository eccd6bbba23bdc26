package dev.berth.registry.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.berth.registry.config.RegistryConfiguration;
import org.slf4j.LoggerFactory;

/** Sets up what is logged and how. */
public final class LogOutput {
  /** Ours; the level of the libraries stays, since their finer ones show headers. */
  private static final String OURS = "dev.berth";

  /** Writes a stack trace for each client that trusts another certificate, or speaks no TLS. */
  private static final String HANDSHAKES =
      "io.netty.handler.ssl.ApplicationProtocolNegotiationHandler";

  private static final String TEXT =
      "%d{ISO8601} %-5level %logger{0} %mdc{requestId:--} %replace(%msg %kvp){' $',''}%n%xEx{5}";

  private LogOutput() {}

  /** Replaces all earlier set-up. */
  public static void configure(RegistryConfiguration.Logging logging) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setEncoder(encoder(logging.format(), context));
    console.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(console);
    Level level = Level.valueOf(logging.level().name());
    root.setLevel(level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN);
    context.getLogger(OURS).setLevel(level);
    context.getLogger(AuditLog.NAME).setLevel(logging.audit() ? Level.INFO : Level.OFF);
    context.getLogger(HANDSHAKES).setLevel(Level.ERROR);
  }

  private static Encoder<ILoggingEvent> encoder(
      RegistryConfiguration.Format format, LoggerContext context) {
    Encoder<ILoggingEvent> encoder =
        switch (format) {
          case JSON -> json();
          case TEXT -> text();
        };
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }

  private static JsonEncoder json() {
    JsonEncoder json = new JsonEncoder();
    json.setWithContext(false);
    json.setWithSequenceNumber(false);
    json.setWithNanoseconds(false);
    json.setWithMessage(false);
    json.setWithArguments(false);
    json.setWithFormattedMessage(true);
    return json;
  }

  private static PatternLayoutEncoder text() {
    PatternLayoutEncoder text = new PatternLayoutEncoder();
    text.setPattern(TEXT);
    return text;
  }
}
