package dev.berth.registry.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One mapping of the file. Asking for a key makes it known; {@link #end} reports the others. What
 * is wrong is added to the problems, and a value that can stand in is returned, so that one start
 * shows all mistakes.
 */
final class YamlSection {
  private final String path;
  private final Problems problems;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final TreeSet<String> known = new TreeSet<>();

  YamlSection(String path, @Nullable Node node, Problems problems) {
    this.path = path;
    this.problems = problems;
    if (node instanceof MappingNode mapping) {
      mapping.getValue().forEach(this::take);
    } else if (node != null) {
      problems.addAt(
          line(node),
          (path.isEmpty() ? "the file" : path) + ": must be a mapping of keys to values");
    }
  }

  private void take(NodeTuple tuple) {
    if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
      problems.addAt(line(tuple.getKeyNode()), "a key must be a plain word");
    } else if (values.putIfAbsent(key.getValue(), tuple.getValueNode()) != null) {
      problems.addAt(line(key), at(key.getValue()) + ": is there twice, remove one of them");
    } else {
      problems.located(at(key.getValue()), line(key));
      if (Tag.NULL.equals(tuple.getValueNode().getTag())) {
        problems.add(at(key.getValue()), "has no value, give it one or remove the key");
      }
    }
  }

  void refuse(String key, String message) {
    problems.add(at(key), message);
  }

  boolean has(String key) {
    known.add(key);
    return values.containsKey(key);
  }

  YamlSection section(String key) {
    return new YamlSection(at(key), present(key), problems);
  }

  Optional<String> text(String key) {
    Node node = present(key);
    if (node == null) {
      return Optional.empty();
    }
    if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
      return Optional.of(scalar.getValue());
    }
    problems.add(at(key), "must be text");
    return Optional.empty();
  }

  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    Node node = present(key);
    if (node instanceof SequenceNode sequence) {
      for (Node item : sequence.getValue()) {
        if (item instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
          texts.add(scalar.getValue());
        } else {
          problems.addAt(line(item), at(key) + ": every item must be text");
        }
      }
    } else if (node != null) {
      problems.add(at(key), "must be a list, such as [registry.example.com]");
    }
    return texts;
  }

  Optional<Path> file(String key) {
    try {
      return text(key).map(Path::of);
    } catch (InvalidPathException e) {
      problems.add(at(key), "is no path: " + e.getReason());
      return Optional.empty();
    }
  }

  boolean flag(String key, boolean standard) {
    Node node = present(key);
    if (node == null) {
      return standard;
    }
    if (node instanceof ScalarNode scalar && Tag.BOOL.equals(scalar.getTag())) {
      return Boolean.parseBoolean(scalar.getValue());
    }
    problems.add(at(key), "must be true or false, without quotes");
    return standard;
  }

  /** A text without which the section means nothing. */
  String required(String key) {
    if (!has(key)) {
      problems.add(at(key), "is missing");
    }
    return text(key).orElse("");
  }

  /** The mappings of a list. */
  List<YamlSection> sections(String key) {
    List<YamlSection> sections = new ArrayList<>();
    Node node = present(key);
    if (node instanceof SequenceNode sequence) {
      for (Node item : sequence.getValue()) {
        sections.add(new YamlSection(at(key) + '[' + sections.size() + ']', item, problems));
      }
    } else if (node != null) {
      problems.add(at(key), "must be a list");
    }
    return sections;
  }

  /** A file without which the section means nothing. */
  Path requiredFile(String key) {
    if (!has(key)) {
      problems.add(at(key), "is missing, it must name a file");
    }
    return file(key).orElse(Path.of(""));
  }

  int number(String key, int standard, int least, int most) {
    Node node = present(key);
    if (node == null) {
      return standard;
    }
    if (node instanceof ScalarNode scalar && Tag.INT.equals(scalar.getTag())) {
      OptionalLong value = Measures.bytes(scalar.getValue());
      if (value.isPresent() && value.getAsLong() >= least && value.getAsLong() <= most) {
        return (int) value.getAsLong();
      }
    }
    problems.add(
        at(key), "must be a whole number from " + least + " to " + most + ", without quotes");
    return standard;
  }

  long bytes(String key, long standard, long most) {
    Optional<String> text = text(key);
    OptionalLong value = text.map(Measures::bytes).orElse(OptionalLong.of(standard));
    if (value.isPresent() && value.getAsLong() >= 1 && value.getAsLong() <= most) {
      return value.getAsLong();
    }
    problems.add(
        at(key),
        "must be a number of bytes from 1 to " + Measures.words(most) + ", such as 512Ki or 4Mi");
    return standard;
  }

  Duration duration(String key, Duration standard, Duration least, Duration most) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return standard;
    }
    Duration value = Measures.duration(text.get());
    if (value != null && value.compareTo(least) >= 0 && value.compareTo(most) <= 0) {
      return value;
    }
    problems.add(
        at(key),
        "must be a duration from "
            + least.toSeconds()
            + "s to "
            + most.toSeconds()
            + "s, such as 90s, 5m or 1h");
    return standard;
  }

  <E extends Enum<E>> E word(String key, Class<E> words, E standard) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return standard;
    }
    List<String> names = new ArrayList<>();
    for (E word : words.getEnumConstants()) {
      if (word.name().equalsIgnoreCase(text.get())) {
        return word;
      }
      names.add(word.name().toLowerCase(Locale.ROOT));
    }
    problems.add(at(key), "must be one of " + String.join(", ", names));
    return standard;
  }

  /** Reports every key that nobody asked for. */
  void end() {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        problems.add(
            at(key),
            "is not a key of the configuration, "
                + NearestWord.of(key, known)
                    .map(word -> "did you mean " + at(word) + "?")
                    .orElse("known here: " + String.join(", ", known)));
      }
    }
  }

  private @Nullable Node present(String key) {
    known.add(key);
    Node node = values.get(key);
    return node == null || Tag.NULL.equals(node.getTag()) ? null : node;
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }
}
