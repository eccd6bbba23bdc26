package dev.berth.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A mistake in the values is told before anything is installed. */
class ValuesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "replica=2 | replica",
        "replicas=two | replicas",
        "replicas=-1 | replicas",
        "image.tags=x | tags",
        "image.tag=a b | tag",
        "image.pullPolicy=Sometimes | pullPolicy",
        "watchNamespaces[0]=Team_A | watchNamespaces/0",
        "watchNamespaces=a | watchNamespaces",
        "metrics.serviceMonitor.interval=often | interval",
        "networkPolicy.apiServerPorts[0]=70000 | apiServerPorts/0",
        "nodeSelector.disk=1 | nodeSelector",
        "fullnameOverride=Berth | fullnameOverride",
        "serviceAccount.create=false | serviceAccount/name",
        "labels.app\\.kubernetes\\.io/name=x | /labels",
        "podLabels.app\\.kubernetes\\.io/instance=x | podLabels",
      })
  void aValueThatIsNotInTheSchemaIsRefusedByItsName(String value, String name) {
    assertThatThrownBy(() -> Rendered.with(value))
        .hasMessageContaining("values don't meet the specifications")
        .hasMessageContaining(name);
  }

  @ParameterizedTest
  @CsvSource({
    "replicas=3",
    "image.tag=v1.2.3-rc.1",
    "watchNamespaces[0]=a",
    "metrics.serviceMonitor.interval=1m30s",
    "labels.app\\.kubernetes\\.io/component=x",
    "global.team=x"
  })
  void aValueOfTheSchemaIsTaken(String value) {
    assertThat(Rendered.with(value).objects()).isNotEmpty();
  }
}
