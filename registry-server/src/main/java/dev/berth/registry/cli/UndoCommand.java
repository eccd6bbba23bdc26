package dev.berth.registry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.registry.cli.ManagementClient.Answer;
import dev.berth.registry.cli.ManagementClient.UnreachableException;
import dev.berth.registry.config.InvalidConfigurationException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What was removed lately, and how it comes back: asks the running server. */
@Command(
    name = "undo",
    mixinStandardHelpOptions = true,
    description = "Lists and restores what was deleted or collected within the undo window.",
    subcommands = {UndoCommand.Listing.class, UndoCommand.Restoring.class})
final class UndoCommand {
  @ParentCommand private Main main = Main.alone();

  /** What both ask the server with. */
  abstract static class Asking implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @ParentCommand private UndoCommand undo = new UndoCommand();

    @Option(names = "--json", description = "for machines: the server's answer")
    private boolean json;

    @Override
    public Integer call() {
      PrintWriter err = spec.commandLine().getErr();
      try (ManagementClient server =
          ManagementClient.of(undo.main.configuration().configuration())) {
        return ask(server, spec.commandLine().getOut(), json);
      } catch (InvalidConfigurationException e) {
        e.problems().forEach(err::println);
      } catch (UnreachableException e) {
        err.println(e.getMessage());
      }
      return 1;
    }

    int refused(Answer answer) {
      spec.commandLine().getErr().println(answer.message());
      return 1;
    }

    abstract int ask(ManagementClient server, PrintWriter out, boolean json)
        throws UnreachableException;
  }

  /** What can be restored. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists what can be restored, until when, and why it went.")
  static final class Listing extends Asking {
    @Option(names = "--repository", paramLabel = "NAME", description = "of this repository alone")
    private @Nullable String repository;

    @Override
    int ask(ManagementClient server, PrintWriter out, boolean json) throws UnreachableException {
      String after = "";
      boolean first = true;
      do {
        Answer answer = server.get("/v1/removed?after=" + encoded(after) + only());
        if (answer.status() != 200) {
          return refused(answer);
        }
        List<JsonNode> page = new ArrayList<>();
        answer.body().path("removed").forEach(page::add);
        if (json) {
          printJson(out, page, first);
        } else if (!page.isEmpty() || first) {
          out.print(RemovedTable.of(page));
        }
        out.flush();
        after = answer.body().path("next").asText("");
        first = false;
      } while (!after.isEmpty());
      if (json) {
        out.println("]}");
      }
      return 0;
    }

    private String only() {
      return repository == null ? "" : "&repository=" + encoded(repository);
    }

    private static String encoded(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** One document, however many pages it takes. */
    private static void printJson(PrintWriter out, List<JsonNode> page, boolean first) {
      out.print(first ? "{\"removed\":[" : "");
      String between = first ? "" : ",";
      for (JsonNode entry : page) {
        out.print(between);
        out.print(entry);
        between = ",";
      }
    }
  }

  /** Brings back. */
  @Command(
      name = "restore",
      mixinStandardHelpOptions = true,
      description = {
        "Brings back a tag with its image, or by digest an image with its tags, or a blob.",
        "Without a reference: all that went when the repository was deleted."
      })
  static final class Restoring extends Asking {
    @Parameters(index = "0", paramLabel = "REPOSITORY", description = "its whole name")
    private String repository = "";

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "REFERENCE",
        description = "a tag, or a digest as undo list shows it")
    private @Nullable String reference;

    @Override
    int ask(ManagementClient server, PrintWriter out, boolean json) throws UnreachableException {
      ObjectNode wanted = JsonNodeFactory.instance.objectNode().put("repository", repository);
      if (reference != null) {
        wanted.put("reference", reference);
      }
      Answer answer = server.post("/v1/removed/restore", wanted);
      if (answer.status() != 200) {
        return refused(answer);
      }
      if (json) {
        out.println(answer.body());
      } else {
        answer
            .body()
            .path("restored")
            .forEach(restored -> out.println("restored " + repository + " " + restored.asText()));
      }
      return 0;
    }
  }
}
