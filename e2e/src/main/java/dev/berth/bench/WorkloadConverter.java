package dev.berth.bench;

import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A workload by its name on the command line. */
final class WorkloadConverter implements ITypeConverter<Workload> {

  @Override
  public Workload convert(String name) {
    return Workload.named(name).orElseThrow(() -> new TypeConversionException(unknown(name)));
  }

  private static String unknown(String name) {
    String all =
        Arrays.stream(Workload.values()).map(Workload::toString).collect(Collectors.joining(", "));
    return "there is no workload " + name + ", there are " + all;
  }
}
