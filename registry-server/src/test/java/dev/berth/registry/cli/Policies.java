package dev.berth.registry.cli;

import dev.berth.policy.Action;
import dev.berth.policy.Creation;
import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.Grant;
import dev.berth.policy.PathPattern;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.Subject;
import dev.berth.policy.Visibility;
import java.util.List;
import java.util.Set;

/** Policy documents. */
public final class Policies {
  private Policies() {}

  public static PolicyDocument aliceMay(long sequence, String path, Action... actions) {
    return PolicyDocumentFormat.document(
        new PolicyDocument.Content(
            true,
            Creation.ON_PUSH,
            List.of(
                new DeclaredRepository(
                    "public/all", new PathPattern("public/**"), Visibility.PUBLIC)),
            List.of(
                new Grant(
                    "team-a/alice",
                    List.of(new Subject(Subject.Kind.USER, "alice", null)),
                    List.of(new PathPattern(path)),
                    Set.of(actions),
                    null))),
        sequence);
  }
}
