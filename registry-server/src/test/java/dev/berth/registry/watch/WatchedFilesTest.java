package dev.berth.registry.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

final class WatchedFilesTest {
  @TempDir Path folder;

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(WatchedFiles.class);

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(log);
  }

  @Test
  void aChangeIsSeenThroughASwappedLink() throws IOException {
    swap("1", "one");
    WatchedFiles<String> watched = watched();
    watched.look();

    swap("2", "two");
    watched.look();

    assertThat(watched.current()).contains("two");
  }

  @Test
  void aListenerGetsThePresentValueAndEveryLaterOneOnce() throws IOException {
    swap("1", "one");
    WatchedFiles<String> watched = watched();
    List<String> heard = new ArrayList<>();
    watched.look();
    watched.onChange(heard::add);

    watched.look();
    swap("2", "two");
    watched.look();
    watched.look();

    assertThat(heard).containsExactly("one", "two");
  }

  @Test
  void anUnusableFileLeavesTheOldValueAndIsLoggedOnce() throws IOException {
    swap("1", "one");
    WatchedFiles<String> watched = watched();
    watched.look();

    swap("2", "bad");
    for (int i = 0; i < 5; i++) {
      watched.look();
    }

    assertThat(watched.current()).contains("one");
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .singleElement()
        .asString()
        .contains("greeting of", "the previous one stays in use: write a good word");
  }

  @Test
  void aFileThatIsUnusableForOneLookOnlyIsNotWorthALine() throws IOException {
    swap("1", "one");
    WatchedFiles<String> watched = watched();
    watched.look();

    swap("2", "bad");
    watched.look();
    swap("3", "one");
    watched.look();

    assertThat(log.list).isEmpty();
  }

  @Test
  void aFileThatIsNotThereYetIsTakenWhenItComes() throws IOException {
    WatchedFiles<String> watched = watched();
    watched.look();
    assertThat(watched.current()).isEmpty();

    swap("1", "one");
    watched.look();

    assertThat(watched.current()).contains("one");
  }

  @Test
  void aFileLargerThanItsLimitIsNotRead() throws IOException {
    swap("1", "x".repeat(200));
    WatchedFiles<String> watched = watched();

    watched.look();

    assertThat(watched.current()).isEmpty();
  }

  @Test
  void aFileThatAParserGivesUpOnDoesNotKeepOthersFromBeingLookedAt() throws IOException {
    Path other = Files.writeString(folder.resolve("other"), "old");
    FilePoller poller = new FilePoller();
    swap("1", "one");
    WatchedFiles<String> first = poller.watch(watched());
    WatchedFiles<String> second =
        poller.watch(
            new WatchedFiles<>(
                "other", List.of(other), 100, contents -> new String(contents.getFirst(), UTF_8)));

    swap("2", "fatal");
    Files.writeString(other, "new");
    poller.look();

    assertThat(first.current()).contains("one");
    assertThat(second.current()).contains("new");
  }

  private WatchedFiles<String> watched() {
    return new WatchedFiles<>(
        "greeting",
        List.of(folder.resolve("word")),
        100,
        contents -> {
          String word = new String(contents.getFirst(), UTF_8);
          if (word.equals("bad")) {
            throw new IOException("write a good word");
          }
          if (word.equals("fatal")) {
            throw new IllegalStateException("a parser gave up");
          }
          return word;
        });
  }

  /** As the kubelet changes a volume: the file is a link through ..data, which is replaced. */
  private void swap(String version, String content) throws IOException {
    Path data = Files.createDirectories(folder.resolve("..v" + version));
    Files.writeString(data.resolve("word"), content);
    Path next = folder.resolve("..data_tmp");
    Files.createSymbolicLink(next, data.getFileName());
    Files.move(
        next,
        folder.resolve("..data"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    if (!Files.isSymbolicLink(folder.resolve("word"))) {
      Files.createSymbolicLink(folder.resolve("word"), Path.of("..data", "word"));
    }
  }
}
