package dev.berth.operator.nodeaccess;

import dev.berth.api.condition.Reason;
import java.util.List;
import java.util.Optional;

/**
 * How a node stands, as its agent says.
 *
 * @param message in the agent's words, with what to do
 */
public record AgentState(Reason reason, String message) {
  private static final int LONGEST_MESSAGE = 1024;

  /** What an agent may say; anything else did not come from one. */
  private static final List<Reason> KNOWN =
      List.of(
          Reason.CONFIG_PATH_UNSET,
          Reason.HOST_TAKEN,
          Reason.RUNTIME_UNSUPPORTED,
          Reason.RELOAD_NEEDED,
          Reason.WRITE_FAILED);

  /** Reads lines of a word and what it says; empty for what is no trouble, or not an agent's. */
  static Optional<AgentState> parse(String text) {
    List<String> lines = text.lines().toList();
    String reason = value(lines, "reason ");
    String message = value(lines, "message ");
    return KNOWN.stream()
        .filter(known -> known.value().equals(reason))
        .map(known -> new AgentState(known, printable(message)))
        .findFirst();
  }

  private static String value(List<String> lines, String word) {
    return lines.stream()
        .filter(line -> line.startsWith(word))
        .map(line -> line.substring(word.length()))
        .findFirst()
        .orElse("");
  }

  static String printable(String message) {
    int[] printable =
        message
            .codePoints()
            .filter(c -> !Character.isISOControl(c))
            .limit(LONGEST_MESSAGE)
            .toArray();
    return new String(printable, 0, printable.length);
  }
}
