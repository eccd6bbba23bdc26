package dev.berth.registry.crash;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * Puts a {@link CrashPoint} before and after each call that the server's classes make of the
 * watched ones, while they are loaded. The server's own code knows nothing of it.
 */
public final class CrashAgent {
  /** Where pushes happen; to look at every class would make each start slower. */
  private static final List<String> PACKAGES =
      List.of(
          "dev/berth/registry/adopt/",
          "dev/berth/registry/blob/",
          "dev/berth/registry/cli/",
          "dev/berth/registry/content/",
          "dev/berth/registry/metadata/");

  /** Whose calls count: the contracts of the stores, and what they ask of disk and database. */
  private static final Set<String> WATCHED =
      Set.of(
          "dev/berth/registry/blob/BlobStore",
          "dev/berth/registry/blob/StagedBlob",
          "dev/berth/registry/metadata/Adoption",
          "dev/berth/registry/metadata/Blobs",
          "dev/berth/registry/metadata/Manifests",
          "dev/berth/registry/metadata/Uploads",
          "java/nio/channels/FileChannel",
          "java/nio/file/Files",
          "org/jdbi/v3/core/statement/Update");

  private static final ClassDesc POINT = ClassDesc.of(CrashPoint.class.getName());
  private static final MethodTypeDesc POINT_TYPE =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);

  private CrashAgent() {}

  /**
   * Called by the JVM before the server's main method.
   *
   * @param folder where the test says what is to happen
   */
  public static void premain(String folder, Instrumentation instrumentation) {
    CrashPoint.watch(Path.of(folder));
    instrumentation.addTransformer(new Watching());
  }

  /**
   * Makes the jar that {@code -javaagent} wants; the classes come from the class path.
   *
   * @return the option
   */
  public static String option(Path jar, Path folder) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", CrashAgent.class.getName());
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    }
    return "-javaagent:" + jar + "=" + folder;
  }

  private static final class Watching implements ClassFileTransformer {
    @Override
    public byte @Nullable [] transform(
        @Nullable ClassLoader loader,
        @Nullable String name,
        @Nullable Class<?> redefined,
        @Nullable ProtectionDomain domain,
        byte[] bytes) {
      if (name == null || PACKAGES.stream().noneMatch(name::startsWith)) {
        return null;
      }
      ClassFile format = ClassFile.of();
      return format.transformClass(
          format.parse(bytes), ClassTransform.transformingMethodBodies(Watching::surround));
    }

    private static void surround(CodeBuilder code, CodeElement element) {
      if (element instanceof InvokeInstruction call
          && WATCHED.contains(call.owner().asInternalName())) {
        String owner = call.owner().asInternalName();
        String called =
            owner.substring(owner.lastIndexOf('/') + 1) + "." + call.name().stringValue();
        code.loadConstant(called).invokestatic(POINT, "before", POINT_TYPE);
        code.with(element);
        code.loadConstant(called).invokestatic(POINT, "after", POINT_TYPE);
      } else {
        code.with(element);
      }
    }
  }
}
