package dev.berth.registry.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Where a server ends when a test said so: like a kill, without any more of its code. A test says
 * it in the file {@code crash}, such as {@code after Files.move 1}, counted from the moment the
 * file is there. While there is a file {@code calls}, each call is noted in it. While there is a
 * file {@code fault}, such as {@code FileChannel.force Input/output error}, each such call fails.
 */
public final class CrashPoint {
  private static volatile Path folder = Path.of(".");
  private static String counted = "";
  private static int passed;

  private CrashPoint() {}

  static void watch(Path toldIn) {
    folder = toldIn;
  }

  /** Woven into the server before a call. */
  public static void before(String call) {
    reached("before " + call);
    note(call);
    fail(call);
  }

  /** Woven into the server after a call that did not throw. */
  public static void after(String call) {
    reached("after " + call);
  }

  private static synchronized void reached(String point) {
    String wanted = wanted();
    if (!wanted.startsWith(point + " ")) {
      return;
    }
    if (!wanted.equals(counted)) {
      counted = wanted;
      passed = 0;
    }
    passed++;
    if (wanted.equals(point + " " + passed)) {
      Runtime.getRuntime().halt(137);
    }
  }

  private static void fail(String call) {
    String fault = said("fault");
    if (fault.startsWith(call + " ")) {
      String reason = fault.substring(call.length() + 1);
      if (call.startsWith("Update.")) {
        throw new IllegalStateException(reason);
      }
      CrashPoint.<RuntimeException>sneak(new FileSystemException(call, null, reason));
    }
  }

  /** A method that is woven in cannot declare what the call it stands before does. */
  @SuppressWarnings("unchecked")
  private static <E extends Exception> void sneak(Exception fault) throws E {
    throw (E) fault;
  }

  private static String wanted() {
    return said("crash");
  }

  private static String said(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static synchronized void note(String call) {
    Path calls = folder.resolve("calls");
    if (Files.exists(calls)) {
      try {
        Files.writeString(calls, call + "\n", StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
