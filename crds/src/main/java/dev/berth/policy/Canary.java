package dev.berth.policy;

/**
 * The image by which nodes prove that they can pull. It lies in a repository that is the server's
 * own: no client pushes to it or deletes it, nothing lists it, and only the credential that is made
 * for it pulls it.
 */
public final class Canary {
  public static final String REPOSITORY = "berth.dev/canary";

  /** What the credential is of. The name of an AccessPolicy has a slash, and so is no other. */
  public static final String POLICY = "canary";

  private Canary() {}

  /** Whether a path is the server's own, of which no document says anything. */
  public static boolean is(String path) {
    return path.equals(REPOSITORY);
  }
}
