package dev.berth.chart;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A chart in a folder. */
public record Chart(Path folder) {

  /** Without a cluster, Helm would take one of 2020 for granted. */
  private static final String KUBERNETES = "1.36.2";

  /** How a release is installed, as arguments of {@code helm template}. */
  public record Release(String name, String namespace, List<Path> valuesFiles, List<String> set) {
    /** With the chart's own values. */
    public static Release of(String name, String namespace) {
      return new Release(name, namespace, List.of(), List.of());
    }

    /** With the values of this file as well. */
    public Release with(Path valuesFile) {
      return new Release(name, namespace, List.of(valuesFile), set);
    }

    /** With these values, each {@code key=value}, as well. */
    public Release with(String... values) {
      return new Release(name, namespace, valuesFiles, List.of(values));
    }
  }

  /** What {@code helm template} prints. */
  public String render(Release release) {
    TemplateCommand command =
        new Helm(folder)
            .template()
            .withName(release.name())
            .withNamespace(release.namespace())
            .withKubeVersion(KUBERNETES);
    release.valuesFiles().forEach(command::withValuesFile);
    for (String value : release.set()) {
      String[] parts = value.split("=", 2);
      command.set(parts[0], parts[1]);
    }
    return command.call();
  }

  /** What {@code helm lint --strict} says. */
  public LintResult lint() {
    return new Helm(folder).lint().strict().call();
  }

  /** Writes the archive of the chart into a folder. */
  public void packInto(Path destination) throws IOException {
    Files.createDirectories(destination);
    new Helm(folder).packageIt().withDestination(destination).call();
  }
}
