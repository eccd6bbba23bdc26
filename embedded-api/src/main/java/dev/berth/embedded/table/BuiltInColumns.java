package dev.berth.embedded.table;

import static dev.berth.embedded.table.Column.AGE;
import static dev.berth.embedded.table.Column.NAME;
import static dev.berth.embedded.table.Column.number;
import static dev.berth.embedded.table.Column.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Columns of the built-in kinds, as kubectl's users know them. */
final class BuiltInColumns {
  private static final List<Column> DEFAULT = List.of(NAME, AGE);

  private static final Map<String, List<Column>> COLUMNS =
      Map.ofEntries(
          Map.entry(
              "pods",
              List.of(
                  NAME,
                  text("Ready", Pods::ready),
                  text("Status", Pods::status),
                  text("Restarts", Pods::restarts),
                  AGE,
                  text("IP", at("/status/podIP")).wide(),
                  text("Node", at("/spec/nodeName")).wide(),
                  text("Nominated Node", at("/status/nominatedNodeName")).wide(),
                  text("Readiness Gates", o -> "<none>").wide())),
          Map.entry(
              "services",
              List.of(
                  NAME,
                  text("Type", at("/spec/type")),
                  text("Cluster-IP", at("/spec/clusterIP")),
                  text("External-IP", Cells::externalAddress),
                  text("Port(s)", Cells::servicePorts),
                  AGE,
                  text("Selector", o -> Cells.labels(o.at("/spec/selector"))).wide())),
          Map.entry(
              "secrets",
              List.of(NAME, text("Type", at("/type")), number("Data", Cells::entries), AGE)),
          Map.entry("configmaps", List.of(NAME, number("Data", Cells::entries), AGE)),
          Map.entry(
              "serviceaccounts",
              List.of(NAME, number("Secrets", o -> o.path("secrets").size()), AGE)),
          Map.entry("namespaces", List.of(NAME, text("Status", at("/status/phase")), AGE)),
          Map.entry(
              "persistentvolumeclaims",
              List.of(
                  NAME,
                  text("Status", Cells::claimStatus),
                  text("Volume", at("/spec/volumeName", "")),
                  text("Capacity", at("/status/capacity/storage", "")),
                  text("Access Modes", o -> Cells.accessModes(o.at("/status/accessModes"))),
                  text("StorageClass", at("/spec/storageClassName", "")),
                  AGE,
                  text("VolumeMode", at("/spec/volumeMode")).wide())),
          Map.entry(
              "nodes",
              List.of(
                  NAME,
                  text("Status", Cells::nodeStatus),
                  text("Roles", o -> "<none>"),
                  AGE,
                  text("Version", at("/status/nodeInfo/kubeletVersion", "")))),
          Map.entry("events", EventColumns.ALL),
          Map.entry(
              "deployments.apps",
              withContainers(
                  NAME,
                  text("Ready", o -> Cells.ratio(o, "/status/readyReplicas", "/spec/replicas")),
                  number("Up-to-date", count("/status/updatedReplicas")),
                  number("Available", count("/status/availableReplicas")),
                  AGE)),
          Map.entry(
              "replicasets.apps",
              withContainers(
                  NAME,
                  number("Desired", count("/spec/replicas")),
                  number("Current", count("/status/replicas")),
                  number("Ready", count("/status/readyReplicas")),
                  AGE)),
          Map.entry(
              "statefulsets.apps",
              withContainers(
                  NAME,
                  text("Ready", o -> Cells.ratio(o, "/status/readyReplicas", "/spec/replicas")),
                  AGE)),
          Map.entry(
              "daemonsets.apps",
              withContainers(
                  NAME,
                  number("Desired", count("/status/desiredNumberScheduled")),
                  number("Current", count("/status/currentNumberScheduled")),
                  number("Ready", count("/status/numberReady")),
                  number("Up-to-date", count("/status/updatedNumberScheduled")),
                  number("Available", count("/status/numberAvailable")),
                  AGE)),
          Map.entry(
              "networkpolicies.networking.k8s.io",
              List.of(
                  NAME,
                  text("Pod-Selector", o -> Cells.labels(o.at("/spec/podSelector/matchLabels"))),
                  AGE)),
          Map.entry(
              "leases.coordination.k8s.io",
              List.of(NAME, text("Holder", at("/spec/holderIdentity")), AGE)),
          Map.entry(
              "customresourcedefinitions.apiextensions.k8s.io",
              List.of(NAME, text("Created At", at("/metadata/creationTimestamp")))));

  private BuiltInColumns() {}

  static List<Column> of(String qualifiedPlural) {
    return COLUMNS.getOrDefault(qualifiedPlural, DEFAULT);
  }

  static Function<JsonNode, String> at(String pointer) {
    return at(pointer, "<none>");
  }

  private static Function<JsonNode, String> at(String pointer, String otherwise) {
    return object -> object.at(pointer).asText(otherwise);
  }

  private static Function<JsonNode, Integer> count(String pointer) {
    return object -> object.at(pointer).asInt(0);
  }

  private static List<Column> withContainers(Column... columns) {
    List<Column> all = new ArrayList<>(List.of(columns));
    all.add(text("Containers", o -> Cells.containers(o, "name")).wide());
    all.add(text("Images", o -> Cells.containers(o, "image")).wide());
    all.add(text("Selector", o -> Cells.labels(o.at("/spec/selector/matchLabels"))).wide());
    return List.copyOf(all);
  }
}
