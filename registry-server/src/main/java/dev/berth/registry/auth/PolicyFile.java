package dev.berth.registry.auth;

import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.watch.FilePoller;
import dev.berth.registry.watch.WatchedFiles;
import io.micronaut.context.annotation.Context;
import java.io.IOException;
import java.util.List;

/** Puts the policy document of the configured file in force, now and whenever it changes. */
@Context
final class PolicyFile {

  PolicyFile(RegistryConfiguration configuration, FilePoller poller, PolicyInForce inForce) {
    RegistryConfiguration.Policy policy = configuration.policy();
    if (policy != null) {
      poller
          .watch(
              new WatchedFiles<>(
                  "policy document",
                  List.of(policy.file()),
                  PolicyDocumentFormat.MAX_UNPACKED_BYTES,
                  PolicyFile::read))
          .onChange(read -> inForce.offer(read.document, read.compiled));
    }
  }

  private static Read read(List<byte[]> contents) throws IOException {
    try {
      PolicyDocument document = PolicyDocumentFormat.read(contents.getFirst());
      return new Read(document, new CompiledPolicy(document));
    } catch (IllegalArgumentException e) {
      throw new IOException("" + e.getMessage(), e);
    }
  }

  private record Read(PolicyDocument document, CompiledPolicy compiled) {}
}
