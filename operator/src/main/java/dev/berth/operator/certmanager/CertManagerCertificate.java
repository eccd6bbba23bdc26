package dev.berth.operator.certmanager;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/** What cert-manager is asked for, and what became of it. */
@Group("cert-manager.io")
@Version("v1")
@Kind("Certificate")
@Plural("certificates")
@JsonInclude(JsonInclude.Include.NON_NULL)
public class CertManagerCertificate extends CustomResource<CertManagerSpec, CertManagerStatus>
    implements Namespaced {}
