package dev.berth.quickstart;

import java.nio.file.Path;

/** The lines to try once the registry runs; each can be pasted into a shell as it is. */
final class NextSteps {

  private NextSteps() {}

  static String text(StateFolder state, Path kubeconfig, Path ca, Login login) {
    String host = "localhost:" + Samples.NODE_PORT;
    return """

        The registry is ready.

          URL       https://%1$s
          CA        %2$s
          user      %3$s
          password  in %4$s
          rights    pull, push and delete below demo/, by the AccessPolicy of the sample

        skopeo
          skopeo login --cert-dir %5$s -u %3$s --password-stdin %1$s < %4$s
          skopeo copy --dest-cert-dir %5$s docker://docker.io/library/alpine:3 docker://%1$s/demo/alpine:3
          skopeo inspect --cert-dir %5$s docker://%1$s/demo/alpine:3

        podman
          podman login --cert-dir %5$s -u %3$s --password-stdin %1$s < %4$s
          podman pull docker.io/library/alpine:3
          podman push --cert-dir %5$s docker.io/library/alpine:3 %1$s/demo/alpine:3

        docker
          sudo mkdir -p /etc/docker/certs.d/%1$s && sudo cp %2$s /etc/docker/certs.d/%1$s/ca.crt
          docker login -u %3$s --password-stdin %1$s < %4$s
          docker pull alpine:3 && docker tag alpine:3 %1$s/demo/alpine:3 && docker push %1$s/demo/alpine:3

        kubectl
          export KUBECONFIG=%6$s
          kubectl get registries,repositories,accesspolicies --all-namespaces
          kubectl -n %7$s describe registry %8$s

        logs of the operator and the registries: %9$s
        """
        .formatted(
            host,
            quoted(ca),
            login.user(),
            quoted(login.passwordFile()),
            quoted(state.path()),
            quoted(kubeconfig),
            Samples.NAMESPACE,
            Samples.REGISTRY,
            quoted(state.file("logs")));
  }

  /** Where to look when the registry does not become ready. */
  static String whenNotReady(StateFolder state, Path kubeconfig) {
    return """
        What to look at: the logs in %4$s
        A slow machine may need more than that: start again with --timeout 900, and while it runs
          export KUBECONFIG=%1$s
          kubectl -n %2$s describe registry %3$s
          kubectl -n %2$s get pods,events
        """
        .formatted(
            quoted(kubeconfig), Samples.NAMESPACE, Samples.REGISTRY, quoted(state.file("logs")));
  }

  static String quoted(Path path) {
    String text = path.toString();
    return text.matches("[A-Za-z0-9_./+:@%-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
