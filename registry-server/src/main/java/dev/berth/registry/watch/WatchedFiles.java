package dev.berth.registry.watch;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value that files hold, as they were when they could last be used. Files that belong together
 * are read together: while a swap shows the old one of one and the new one of another, the value
 * stays, and only what is still unusable at the next look is logged, once.
 */
public final class WatchedFiles<T> {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedFiles.class);

  private final String what;
  private final List<Path> files;
  private final int maxBytes;
  private final FileFormat<T> format;
  private final List<Consumer<T>> listeners = new CopyOnWriteArrayList<>();
  private volatile @Nullable T current;
  private byte @Nullable [] seen;
  private @Nullable String complaint;
  private boolean logged;

  /**
   * Nothing is read before the first look.
   *
   * @param what they hold, for the log
   * @param maxBytes of one file
   */
  public WatchedFiles(String what, List<Path> files, int maxBytes, FileFormat<T> format) {
    this.what = what;
    this.files = List.copyOf(files);
    this.maxBytes = maxBytes;
    this.format = format;
  }

  public Optional<T> current() {
    return Optional.ofNullable(current);
  }

  /** Calls the listener with the present value, if there is one, and with every later one. */
  public synchronized void onChange(Consumer<T> listener) {
    listeners.add(listener);
    current().ifPresent(listener);
  }

  /** Compares the files with what was last seen, and takes what changed. */
  public synchronized void look() {
    try {
      List<byte[]> contents = contents();
      byte[] hash = hash(contents);
      if (Arrays.equals(hash, seen)) {
        return;
      }
      T value = format.read(contents);
      boolean first = current == null;
      current = value;
      listeners.forEach(listener -> listener.accept(value));
      // Only now: what a listener could not take is tried again, and complained of.
      seen = hash;
      complaint = null;
      logged = false;
      if (!first) {
        LOG.info("{} of {} changed and is in use", what, files);
      }
    } catch (IOException e) {
      complain(
          e instanceof NoSuchFileException
              ? "no such file " + e.getMessage()
              : "" + e.getMessage());
    } catch (RuntimeException e) {
      // Whatever a parser makes of these bytes: the files that are looked at next have their turn.
      complain("it cannot be read: " + e);
    }
  }

  private void complain(String message) {
    if (message.equals(complaint) && !logged) {
      LOG.warn(
          "{} of {} cannot be used, {}: {}",
          what,
          files,
          current == null ? "there is none" : "the previous one stays in use",
          message);
      logged = true;
    } else if (!message.equals(complaint)) {
      complaint = message;
      logged = false;
    }
  }

  private List<byte[]> contents() throws IOException {
    List<byte[]> contents = new ArrayList<>(files.size());
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(maxBytes + 1);
        if (bytes.length > maxBytes) {
          throw new IOException(file + " is larger than " + maxBytes + " bytes");
        }
        contents.add(bytes);
      }
    }
    return contents;
  }

  private static byte[] hash(List<byte[]> contents) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] content : contents) {
        digest.update(HexFormat.of().toHexDigits((long) content.length).getBytes(US_ASCII));
        digest.update(content);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
