import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Lays out what an image holds below a folder: {@code runtime}, made by jlink, and {@code app}, the
 * jars with the cache of their loaded and linked classes. Runs in the JDK that the runtime is made
 * of. Two runs with the same jars, class list and JDK write the same bytes.
 *
 * <p>Arguments: the module's {@code target} folder, the name of its jar without {@code .jar}, the
 * class list, the modules of the runtime, the options of the JVM.
 */
final class StageImage {
  /** What the image builder gives every file; the JVM refuses a cache whose jars have another. */
  private static final FileTime TIME = FileTime.from(Instant.ofEpochSecond(1));

  /** Below it lies the cache's header, whose checksums are the only words that may differ there. */
  private static final int HEADER = 4096;

  private static final int MOST_DIFFERENCES = 4096;

  /** Those of the modules that the runtime has. */
  private static final Set<String> PROVIDERS =
      Set.of("SUN", "SunRsaSign", "SunEC", "SunJSSE", "SunJCE");

  /** Beyond it the list is of another program than the one whose cache is made. */
  private static final double MOST_CLASSES_GONE = 0.05;

  private StageImage() {}

  public static void main(String[] args) throws Exception {
    Path target = Path.of(args[0]).toAbsolutePath();
    String name = args[1];
    Path classes = Path.of(args[2]);
    Path image = target.resolve("image");
    delete(image);
    // The image builder knows a layer again by the times of its files, which are always the same.
    delete(target.resolve("jib-cache"));
    Path app = Files.createDirectories(image.resolve("app"));
    Path runtime = image.resolve("runtime");

    checkThatTheListIsOfThisProgram(classes, target.resolve(name + ".jar"), target.resolve("lib"));
    link(runtime, args[3]);
    Files.copy(target.resolve(name + ".jar"), app.resolve(name + ".jar"));
    Files.copy(Path.of(args[4]), app.resolve("jvm.options"));
    Path commands = classes.resolveSibling("berth");
    if (Files.exists(commands)) {
      Files.copy(commands, app.resolve("berth"));
    }
    copyJars(target.resolve("lib"), Files.createDirectories(app.resolve("lib")));
    extractNativeLibraries(app.resolve("lib"), Files.createDirectories(app.resolve("native")));
    leaveOutMissingProviders(runtime);
    setTimes(image);

    Path cache = app.resolve(name + ".jsa");
    Path second = target.resolve(name + ".jsa.second");
    dump(runtime, app.resolve(name + ".jar"), classes, cache);
    dump(runtime, app.resolve(name + ".jar"), classes, second);
    Files.write(cache, withoutClockReadings(Files.readAllBytes(cache), Files.readAllBytes(second)));
    Files.delete(second);
    setTimes(image);
    checkThatTheJvmTakes(cache, runtime, app.resolve(name + ".jar"));
  }

  private static void link(Path runtime, String modules) {
    ToolProvider jlink =
        ToolProvider.findFirst("jlink")
            .orElseThrow(() -> new IllegalStateException("this JDK has no jlink"));
    int exit =
        jlink.run(
            System.out,
            System.err,
            "--add-modules",
            modules,
            "--strip-java-debug-attributes",
            // In no fixed order with the stripping; the cache has its classes.
            "--disable-plugin",
            "generate-jli-classes",
            "--no-header-files",
            "--no-man-pages",
            "--output",
            runtime.toString());
    if (exit != 0) {
      throw new IllegalStateException("jlink ended with " + exit);
    }
  }

  private static void copyJars(Path from, Path to) throws IOException {
    try (Stream<Path> jars = Files.list(from)) {
      for (Path jar : jars.toList()) {
        copyJar(jar, to.resolve(jar.getFileName()));
      }
    }
  }

  /**
   * Without what a start has no use for: signatures, which would be verified each time and keep the
   * classes out of the cache, and libraries for other systems and processors.
   */
  private static void copyJar(Path from, Path to) throws IOException {
    try (JarFile jar = new JarFile(from.toFile(), false)) {
      if (jar.stream().map(JarEntry::getName).noneMatch(StageImage::isUseless)) {
        Files.copy(from, to);
        return;
      }
      try (ZipOutputStream copy = new ZipOutputStream(Files.newOutputStream(to))) {
        for (JarEntry entry : jar.stream().toList()) {
          if (!isUseless(entry.getName())) {
            ZipEntry same = new ZipEntry(entry.getName());
            same.setTimeLocal(entry.getTimeLocal());
            copy.putNextEntry(same);
            try (InputStream content = jar.getInputStream(entry)) {
              content.transferTo(copy);
            }
            copy.closeEntry();
          }
        }
      }
    }
  }

  private static boolean isUseless(String entry) {
    return entry.matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)")
        || (entry.matches(".*\\.(so|dll|dylib|jnilib)") && !isOfThisMachine(entry));
  }

  /** As Netty and SQLite name them. */
  private static boolean isOfThisMachine(String library) {
    return System.getProperty("os.arch").equals("aarch64")
        ? library.matches("(META-INF/native/.*_linux_aarch_64|.*/Linux/aarch64/.*)\\.so")
        : library.matches("(META-INF/native/.*_linux_x86_64|.*/Linux/x86_64/.*)\\.so");
  }

  /** Beside the jars, from where they are loaded without being copied to a folder first. */
  private static void extractNativeLibraries(Path jars, Path to) throws IOException {
    try (Stream<Path> all = Files.list(jars)) {
      for (Path file : all.toList()) {
        try (JarFile jar = new JarFile(file.toFile(), false)) {
          for (JarEntry entry : jar.stream().filter(e -> isOfThisMachine(e.getName())).toList()) {
            try (InputStream content = jar.getInputStream(entry)) {
              Files.copy(content, to.resolve(Path.of(entry.getName()).getFileName()));
            }
          }
        }
      }
    }
  }

  /** The JVM would look for them on the class path, through every provider that there is. */
  private static void leaveOutMissingProviders(Path runtime) throws IOException {
    Path file = runtime.resolve("conf/security/java.security");
    List<String> kept = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file, ISO_8859_1)) {
      String provider = line.replaceFirst("^security\\.provider\\.\\d+=", "");
      if (provider.equals(line)) {
        kept.add(line);
      } else if (PROVIDERS.contains(provider)) {
        kept.add("security.provider." + ++number + "=" + provider);
      }
    }
    Files.write(file, kept, ISO_8859_1);
  }

  /** The JDK's classes and those made while it runs are not looked for. */
  private static void checkThatTheListIsOfThisProgram(Path list, Path jar, Path libraries)
      throws IOException {
    Set<String> present = new HashSet<>();
    try (Stream<Path> files = Files.list(libraries)) {
      for (Path file : Stream.concat(Stream.of(jar), files).toList()) {
        try (JarFile classes = new JarFile(file.toFile())) {
          classes.stream().map(JarEntry::getName).forEach(present::add);
        }
      }
    }
    List<String> named;
    try (Stream<String> lines = Files.lines(list)) {
      named =
          lines
              .filter(line -> !line.startsWith("@") && !line.contains("$$"))
              .map(line -> line.split(" ")[0])
              .filter(name -> !name.matches("(java|javax|jdk|sun|com/sun)/.*"))
              .toList();
    }
    List<String> gone =
        named.stream().filter(name -> !present.contains(name + ".class")).toList();
    System.out.printf(
        "%s: %d of %d classes are gone%n", list.getFileName(), gone.size(), named.size());
    if (gone.size() > MOST_CLASSES_GONE * named.size()) {
      throw new IllegalStateException(
          list + " is stale, tools/image/record-classes writes it anew; gone are among others "
              + gone.subList(0, Math.min(5, gone.size())));
    }
  }

  /** With the collector and the layout of objects that the images run with. */
  private static void dump(Path runtime, Path jar, Path classes, Path cache) throws Exception {
    run(
        runtime,
        jar.getParent(),
        List.of(
            "-Xshare:dump",
            "-XX:+AOTClassLinking",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-Xlog:disable",
            "-Xlog:all=error",
            // A dump on a busy machine takes minutes, after which a collection clears what is
            // referred to softly: the cache would be another one.
            "-XX:SoftRefLRUPolicyMSPerMB=1000000",
            "-XX:SharedClassListFile=" + classes.toAbsolutePath(),
            "-XX:SharedArchiveFile=" + cache,
            "-cp",
            // The cache holds the path; this one is the same wherever the build runs.
            "/proc/self/cwd/" + jar.getFileName()));
  }

  /**
   * The cached objects include soft references, which hold when they were last used, on the clock
   * of the machine since it was started. That is all that two dumps differ in, beside the
   * checksums, which are not looked at unless a JVM is told to: both become zero.
   */
  private static byte[] withoutClockReadings(byte[] cache, byte[] second) {
    if (cache.length != second.length) {
      throw new IllegalStateException("two dumps of one class list have different lengths");
    }
    ByteBuffer words = ByteBuffer.wrap(cache);
    ByteBuffer others = ByteBuffer.wrap(second);
    int differences = 0;
    for (int at = 0; at < cache.length; at += Integer.BYTES) {
      if (words.getInt(at) == others.getInt(at)) {
        continue;
      }
      if (++differences > MOST_DIFFERENCES) {
        throw new IllegalStateException("two dumps of one class list differ in more than times");
      }
      if (at < HEADER) {
        words.putInt(at, 0);
      } else {
        // Times are longs, whose upper half changes with the machine only.
        words.putLong(at / Long.BYTES * Long.BYTES, 0);
      }
    }
    return cache;
  }

  private static void checkThatTheJvmTakes(Path cache, Path runtime, Path jar) throws Exception {
    run(
        runtime,
        jar.getParent(),
        List.of(
            "-Xshare:on",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:SharedArchiveFile=" + cache,
            "-cp",
            "/proc/self/cwd/" + jar.getFileName(),
            // Ends before a main class is looked for: a program may ignore its arguments and start.
            "-version"));
  }

  private static void run(Path runtime, Path folder, List<String> arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(runtime.resolve("bin/java").toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).inheritIO();
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    int exit = builder.start().waitFor();
    if (exit != 0) {
      throw new IllegalStateException(command + " ended with " + exit);
    }
  }

  private static void setTimes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, TIME);
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
