package dev.berth.operator;

import dev.berth.chart.Chart;
import dev.berth.embedded.authorization.Action;
import dev.berth.embedded.authorization.Rule;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The rights that the chart gives the operator, as Helm renders them. */
final class ChartRights {
  static final String NAMESPACE = "berth-system";
  static final String USER = "system:serviceaccount:" + NAMESPACE + ":berth-operator";

  /** Where a rule is missing or one too many. */
  static final String RULES = "charts/berth/templates/_rules.tpl";

  private static final Chart CHART = new Chart(Path.of("..", "charts", "berth"));

  private final List<HasMetadata> objects;

  private ChartRights(List<HasMetadata> objects) {
    this.objects = objects;
  }

  /**
   * For the whole cluster, or for namespaces that exist.
   *
   * @param more values of the chart, each {@code key=value}
   */
  static ChartRights render(
      KubernetesClient client, List<String> watchNamespaces, List<String> more) {
    List<String> values = new ArrayList<>(more);
    for (int i = 0; i < watchNamespaces.size(); i++) {
      values.add("watchNamespaces[%d]=%s".formatted(i, watchNamespaces.get(i)));
    }
    String rendered =
        CHART.render(Chart.Release.of("berth", NAMESPACE).with(values.toArray(String[]::new)));
    Set<Class<?>> kinds =
        Set.of(
            ServiceAccount.class,
            Role.class,
            RoleBinding.class,
            ClusterRole.class,
            ClusterRoleBinding.class);
    return new ChartRights(
        client
            .load(new ByteArrayInputStream(rendered.getBytes(StandardCharsets.UTF_8)))
            .items()
            .stream()
            .filter(object -> kinds.contains(object.getClass()))
            .toList());
  }

  void apply(KubernetesClient client) {
    // A cluster may still have those of an installation with kubectl.
    objects.forEach(object -> client.resource(object).forceConflicts().serverSideApply());
  }

  /** Takes away what no namespace takes with it. */
  void remove(KubernetesClient client) {
    objects.stream()
        .filter(object -> object instanceof ClusterRole || object instanceof ClusterRoleBinding)
        .forEach(object -> client.resource(object).delete());
  }

  /**
   * One verb on one resource, or one path that is no resource, where a binding gives it to the
   * operator.
   */
  record Right(
      String namespace,
      String group,
      String resource,
      String verb,
      List<String> names,
      String path) {

    boolean allows(Action action) {
      return (namespace.isEmpty() || namespace.equals(action.namespace()))
          && (path.isEmpty()
                  ? new Rule(List.of(verb), List.of(group), List.of(resource), names, List.of())
                  : new Rule(List.of(verb), List.of(), List.of(), List.of(), List.of(path)))
              .allows(action);
    }

    @Override
    public String toString() {
      return !path.isEmpty()
          ? verb + " " + path
          : "%s %s%s%s%s"
              .formatted(
                  verb,
                  resource,
                  group.isEmpty() ? "" : " of " + group,
                  names.isEmpty() ? "" : " named " + names,
                  namespace.isEmpty() ? " in the cluster" : " in namespace " + namespace);
    }
  }

  boolean allows(Action action) {
    return rights().stream().anyMatch(right -> right.allows(action));
  }

  /** Everything that the operator's roles say, one by one. */
  List<Right> rights() {
    List<Right> rights = new ArrayList<>();
    for (HasMetadata object : objects) {
      if (object instanceof ClusterRole role && isBound(role.getMetadata().getName())) {
        role.getRules().forEach(rule -> rights.addAll(split("", rule)));
      } else if (object instanceof Role role) {
        role.getRules()
            .forEach(rule -> rights.addAll(split(role.getMetadata().getNamespace(), rule)));
      }
    }
    return rights;
  }

  private boolean isBound(String clusterRole) {
    return objects.stream()
        .anyMatch(
            object ->
                object instanceof ClusterRoleBinding binding
                    && binding.getRoleRef().getName().equals(clusterRole));
  }

  private static List<Right> split(String namespace, PolicyRule rule) {
    if (!rule.getNonResourceURLs().isEmpty()) {
      return rule.getNonResourceURLs().stream()
          .flatMap(
              path ->
                  rule.getVerbs().stream()
                      .map(verb -> new Right(namespace, "", "", verb, List.of(), path)))
          .toList();
    }
    return rule.getApiGroups().stream()
        .flatMap(
            group ->
                rule.getResources().stream()
                    .flatMap(resource -> verbs(namespace, group, resource, rule)))
        .toList();
  }

  private static Stream<Right> verbs(
      String namespace, String group, String resource, PolicyRule rule) {
    return rule.getVerbs().stream()
        .map(verb -> new Right(namespace, group, resource, verb, rule.getResourceNames(), ""));
  }
}
