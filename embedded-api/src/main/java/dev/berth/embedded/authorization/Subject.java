package dev.berth.embedded.authorization;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** In whose name a request is made. */
public record Subject(String user, List<String> groups) {
  /** Who holds the embedded API's token: its administrator, to whom nothing is refused. */
  public static final Subject ADMINISTRATOR =
      new Subject("berth-admin", List.of("system:masters", "system:authenticated"));

  private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

  /**
   * From the headers of a request by the administrator, who may act for anybody.
   *
   * @param user the header Impersonate-User
   * @param groups the headers Impersonate-Group
   */
  public static Subject impersonated(@Nullable String user, List<String> groups) {
    if (user == null || user.isEmpty()) {
      return ADMINISTRATOR;
    }
    List<String> all = new ArrayList<>(groups);
    if (user.startsWith(SERVICE_ACCOUNT) && groups.isEmpty()) {
      String namespace = user.substring(SERVICE_ACCOUNT.length()).split(":", 2)[0];
      all.add("system:serviceaccounts");
      all.add("system:serviceaccounts:" + namespace);
    }
    if (!user.equals("system:anonymous") && !all.contains("system:authenticated")) {
      all.add("system:authenticated");
    }
    return new Subject(user, List.copyOf(all));
  }

  boolean isAdministrator() {
    return groups.contains("system:masters");
  }

  /** Whether a binding that names such a subject means this one. */
  boolean isNamed(String kind, String name, String namespace) {
    return switch (kind) {
      case "User" -> user.equals(name);
      case "Group" -> groups.contains(name);
      case "ServiceAccount" -> user.equals(SERVICE_ACCOUNT + namespace + ":" + name);
      default -> false;
    };
  }
}
