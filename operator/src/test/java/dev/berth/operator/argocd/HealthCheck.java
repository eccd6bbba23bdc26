package dev.berth.operator.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LoadState;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.compiler.LuaC;
import org.luaj.vm2.lib.BaseLib;
import org.luaj.vm2.lib.PackageLib;
import org.luaj.vm2.lib.StringLib;
import org.luaj.vm2.lib.TableLib;

/**
 * The health check of one kind, in a Lua that has no more than Argo CD's: base, package, table and
 * string.
 */
public final class HealthCheck {

  /** A folder a kind, as in Argo CD's resource_customizations. */
  static final Path FOLDER = Path.of("../charts/berth/files/argocd");

  /** What Argo CD shows. */
  public record Health(String status, String message) {}

  private final String script;

  private HealthCheck(String script) {
    this.script = script;
  }

  static Path file(String kind) {
    return FOLDER.resolve("berth.dev").resolve(kind).resolve("health.lua");
  }

  /** The check that Argo CD is given for the kind. */
  public static HealthCheck of(String kind) throws IOException {
    return new HealthCheck(Files.readString(file(kind)));
  }

  /** The health of an object. */
  public Health of(JsonNode object) {
    Globals globals = new Globals();
    globals.load(new BaseLib());
    globals.load(new PackageLib());
    globals.load(new TableLib());
    globals.load(new StringLib());
    LoadState.install(globals);
    LuaC.install(globals);
    globals.set("obj", lua(object));
    LuaTable health = globals.load(script, "health.lua").call().checktable();
    return new Health(
        health.get("status").checkjstring(), health.get("message").optjstring("nothing"));
  }

  private static LuaValue lua(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        LuaTable table = new LuaTable();
        node.properties().forEach(field -> table.set(field.getKey(), lua(field.getValue())));
        yield table;
      }
      case ARRAY -> {
        LuaTable table = new LuaTable();
        for (int i = 0; i < node.size(); i++) {
          table.set(i + 1, lua(node.get(i)));
        }
        yield table;
      }
      case NUMBER -> LuaValue.valueOf(node.doubleValue());
      case BOOLEAN -> LuaValue.valueOf(node.booleanValue());
      case STRING -> LuaValue.valueOf(node.textValue());
      default -> LuaValue.NIL;
    };
  }
}
