package dev.berth.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs of one Kubernetes version, in the layout of kube-api-test. */
record ApiBinaries(Path folder) {
  private static final List<String> PROGRAMS = List.of("kube-apiserver", "etcd", "kubectl");

  /** The newest complete version below {@code testDir}. */
  static Optional<ApiBinaries> find(Path testDir) {
    Path versions = testDir.resolve("k8s");
    if (!Files.isDirectory(versions)) {
      return Optional.empty();
    }
    try (Stream<Path> folders = Files.list(versions)) {
      return folders
          .filter(f -> PROGRAMS.stream().allMatch(p -> Files.isExecutable(f.resolve(p))))
          .max(Comparator.comparing(ApiBinaries::versionNumber))
          .map(ApiBinaries::new);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look for Kubernetes in " + versions, e);
    }
  }

  String version() {
    return folder.getFileName().toString().replaceFirst("-.*", "");
  }

  /**
   * Lays the same programs out below {@code home}, with etcd behind a script: kube-api-test starts
   * it open to the network and on a folder of its own, and has no setting for either.
   */
  void linkInto(Path home, Path data) throws IOException {
    Path target = home.resolve("k8s").resolve(folder.getFileName());
    Files.createDirectories(target);
    for (String program : PROGRAMS) {
      Files.deleteIfExists(target.resolve(program));
    }
    for (String program : List.of("kube-apiserver", "kubectl")) {
      Files.createSymbolicLink(target.resolve(program), folder.resolve(program).toRealPath());
    }
    Path script = target.resolve("etcd");
    Files.writeString(script, etcdScript(folder.resolve("etcd").toRealPath(), data));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  private static String etcdScript(Path etcd, Path data) {
    return """
        #!/bin/sh
        first=yes
        before=
        for argument in "$@"; do
          if [ "$first" = yes ]; then set --; first=no; fi
          case "$before" in
            -data-dir) argument='%2$s' ;;
            -wal-dir) argument='%2$s/wal' ;;
          esac
          case "$argument" in
            http://0.0.0.0:*) argument="http://127.0.0.1:${argument##*:}" ;;
          esac
          set -- "$@" "$argument"
          before=$argument
        done
        exec '%1$s' "$@"
        """
        .formatted(quoted(etcd), quoted(data));
  }

  private static String quoted(Path path) {
    return path.toString().replace("'", "'\\''");
  }

  private static String versionNumber(Path folder) {
    StringBuilder sortable = new StringBuilder();
    for (String part : folder.getFileName().toString().replaceFirst("-.*", "").split("\\.", -1)) {
      sortable.append("%8s".formatted(part));
    }
    return sortable.toString();
  }
}
