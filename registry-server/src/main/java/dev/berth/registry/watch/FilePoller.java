package dev.berth.registry.watch;

import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Looks at every watched file once a second. */
@Singleton
public final class FilePoller {
  private final List<WatchedFiles<?>> watched = new CopyOnWriteArrayList<>();

  /** Looks at once, and from now on. */
  public <T> WatchedFiles<T> watch(WatchedFiles<T> files) {
    files.look();
    watched.add(files);
    return files;
  }

  /** Looks at all of them now. */
  @Scheduled(fixedDelay = "1s")
  public void look() {
    watched.forEach(WatchedFiles::look);
  }
}
