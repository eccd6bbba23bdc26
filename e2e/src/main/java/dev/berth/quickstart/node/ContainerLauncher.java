package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Turns a container's specification into a running process. */
final class ContainerLauncher {

  private static final long LARGEST_LOG = 16L * 1024 * 1024;

  private final NodeContext node;
  private final ContainerEnvironment environment;

  ContainerLauncher(NodeContext node) {
    this.node = node;
    this.environment = new ContainerEnvironment(node.client());
  }

  /** Whether this node has something to run for the image. */
  boolean has(String image) {
    return node.options().images().containsKey(LocalImage.nameOf(image));
  }

  LaunchedContainer launch(
      Pod pod,
      Container container,
      Map<String, Path> volumes,
      String podIp,
      Runnable changed,
      Consumer<String> unhealthy)
      throws IOException {
    if (!container.getCommand().isEmpty()) {
      throw new InvalidSpecException(
          "this node has no files of an image, so that it cannot run a command of its own: use args");
    }
    LocalImage image = node.options().images().get(LocalImage.nameOf(container.getImage()));
    if (image == null) {
      throw new InvalidSpecException("no image " + container.getImage());
    }
    Path base =
        node.options()
            .podDirectory(pod.getMetadata().getUid())
            .resolve("containers")
            .resolve(PathRules.segment(container.getName()));
    RootFolder root = RootFolder.layOut(base.resolve("rootfs"), container, volumes);
    Map<String, String> declared = environment.of(pod, container, podIp);
    Map<String, String> variables = new LinkedHashMap<>(defaults(pod, podIp, base));
    declared.forEach((name, value) -> variables.put(name, root.rewrite(value)));
    File workingDirectory = root.workingDirectory(container).toFile();
    File log = log(pod, container);
    List<String> command = new ArrayList<>(image.entrypoint(container, root.directory("/tmp")));
    container
        .getArgs()
        .forEach(arg -> command.add(root.rewrite(ContainerEnvironment.expand(arg, declared))));
    ChildProcess process =
        ChildProcess.start(
            node.ledger(),
            builder(command, variables, workingDirectory)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log)));
    Prober prober =
        new Prober(
            container,
            podIp,
            words ->
                builder(words.stream().map(root::rewrite).toList(), variables, workingDirectory));
    return new LaunchedContainer(container, process, prober, changed, unhealthy);
  }

  private static ProcessBuilder builder(
      List<String> command, Map<String, String> variables, File workingDirectory) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(workingDirectory);
    builder.environment().clear();
    builder.environment().putAll(variables);
    return builder;
  }

  private static Map<String, String> defaults(Pod pod, String podIp, Path base) {
    Map<String, String> result = new LinkedHashMap<>();
    result.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    result.put("HOME", base.toString());
    result.put("LANG", "C.UTF-8");
    result.put("JAVA_HOME", System.getProperty("java.home"));
    result.put("HOSTNAME", pod.getMetadata().getName());
    // Every pod has an address of its own here, so that several may listen at the same port.
    result.put("BERTH_LISTEN_ADDRESS", podIp);
    return result;
  }

  private File log(Pod pod, Container container) throws IOException {
    Path file =
        node.options()
            .logFile(
                pod.getMetadata().getNamespace(), pod.getMetadata().getName(), container.getName());
    Files.createDirectories(file.getParent());
    if (Files.exists(file) && Files.size(file) > LARGEST_LOG) {
      Files.move(file, Path.of(file + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
    return file.toFile();
  }
}
