package dev.berth.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The commands of a sample's README, each block as a reader copies it into a shell. */
record SampleReadme(List<String> blocks) {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```$");

  static SampleReadme of(Path sample) throws IOException {
    return new SampleReadme(
        BLOCK
            .matcher(Files.readString(sample.resolve("README.md")))
            .results()
            .map(block -> block.group(1))
            .toList());
  }

  /** What makes it run: the first block. */
  String setUp() {
    return blocks.getFirst();
  }

  /** The only block that has this text. */
  String with(String text) {
    List<String> found = blocks.stream().filter(block -> block.contains(text)).toList();
    if (found.size() != 1) {
      throw new IllegalStateException("one block with " + text + " expected: " + found);
    }
    return found.getFirst();
  }

  /** What takes it away: the last block. */
  String cleanUp() {
    return blocks.getLast();
  }
}
