package dev.berth.api.condition;

/**
 * Why a condition is as it is: a closed set, each with what to do about it. The remedy is the end
 * of the condition's message; it is empty where there is nothing to do.
 */
public enum Reason {
  READY("Ready", "It does what it is for.", ""),
  PENDING("Pending", "Not looked at yet, or waiting for another step.", ""),
  STOPPED("Stopped", "`spec.replicas` is 0.", "Set spec.replicas to 1 to start the registry."),
  PAUSED(
      "Paused",
      "The annotation `berth.dev/paused` is `true`.",
      "Remove the annotation berth.dev/paused to let the operator go on."),
  NOT_YET_SUPPORTED(
      "NotYetSupported",
      "The spec asks for what this version does not do; the message names the fields.",
      "Remove it from the spec, or upgrade to a version of Berth that has it."),
  INVALID_SPEC(
      "InvalidSpec",
      "A part of the spec that the schema leaves open cannot be used.",
      "Correct the spec."),
  INVALID_NAME(
      "InvalidName",
      "No Service can be named after the Registry.",
      "Use a name of at most 52 lower-case letters, digits and dashes that starts with a letter."),
  CONFLICT(
      "Conflict",
      "An object of somebody else has the name of a child or of a pull secret, an older Repository the same path, or another Registry the same claim.",
      "Rename or remove one of the two."),
  APPLY_FAILED(
      "ApplyFailed",
      "The API server refused a child; the message has its words.",
      "The operator tries again; its log has the details."),
  API_FAILED(
      "ApiFailed",
      "The API server refused or did not answer a request of the operator; the message has its"
          + " words.",
      "The operator tries again; check its rights if it stays so."),

  BOUND("Bound", "The claim has its volume.", ""),
  CLAIM_PENDING(
      "ClaimPending",
      "The claim has no volume yet.",
      "If it stays so, look at kubectl describe persistentvolumeclaim and at the storage class."),
  CLAIM_MISSING(
      "ClaimMissing",
      "There is no claim of the name that `storage.existingClaim` gives.",
      "Create the claim, or name another one."),
  CLAIM_LOST(
      "ClaimLost",
      "The claim lost its volume.",
      "Its volume is gone; restore the volume or the claim from a backup."),
  CLAIM_ENDING(
      "ClaimEnding",
      "The claim is being deleted, and its images with it as soon as no pod uses it.",
      "A deletion cannot be taken back: copy what you need to another registry while this one serves."),
  CLAIM_UNUSABLE(
      "ClaimUnusable",
      "The claim of `storage.existingClaim` is read-only, or a block device without a file system.",
      "Name a claim with volumeMode Filesystem that may be written to."),
  CLAIM_IN_USE(
      "ClaimInUse",
      "Another pod still writes to the claim; two servers on one claim would damage what is on it.",
      "The registry starts when that pod has ended; stop it if nothing else does."),
  RESIZING("Resizing", "The volume of the claim is growing.", ""),
  EXPANSION_REFUSED(
      "ExpansionRefused",
      "The volume cannot grow to the size that the spec asks for; the message has the API server's or the driver's words.",
      "Set allowVolumeExpansion: true on the storage class and look at quotas; if its driver cannot do it, copy the images to a Registry with a larger claim."),
  DISK_FULL(
      "DiskFull",
      "Almost nothing of the volume is free: pulls go on, pushes fail.",
      "Raise spec.storage.persistentVolumeClaim.size, or grow the claim that spec.storage.existingClaim names."),
  IMAGES_IN_USE(
      "ImagesInUse",
      "The Registry or Repository is being deleted with `deletionPolicy: Delete`, and pods run its images.",
      "Delete these pods, or set spec.deletionPolicy to Retain."),

  SECRET_MISSING(
      "SecretMissing",
      "A Secret that the spec names does not exist.",
      "Create the Secret, or name another one."),
  SECRET_INVALID(
      "SecretInvalid",
      "A Secret that the spec names lacks a key, or holds what cannot be used.",
      "Correct the content of the Secret."),
  ISSUED("Issued", "The registry's own authority issued the certificate.", ""),
  PROVIDED("Provided", "The certificate comes from the user.", ""),
  TLS_DISABLED("TlsDisabled", "The registry speaks plain HTTP, as `tls.disabled` says.", ""),
  EXPIRES_SOON(
      "ExpiresSoon",
      "The user's certificate ends within 14 days. The registry serves it until then.",
      "Put a renewed certificate into the Secret."),
  CERTIFICATE_PENDING(
      "CertificatePending",
      "cert-manager has not issued the certificate yet; the message has its words.",
      "If it stays so, look at kubectl describe of the Certificate and of its issuer."),
  CERT_MANAGER_MISSING(
      "CertManagerMissing",
      "The spec asks for a certificate from cert-manager, and the cluster has no such API.",
      "Install cert-manager, or choose another member of spec.tls."),
  CERTIFICATE_CHAIN_INVALID(
      "CertificateChainInvalid",
      "Clients cannot follow the user's certificate to its authority.",
      "Put the server's certificate first into tls.crt, then each one that signed the one before it."),
  CERTIFICATE_EXPIRED(
      "CertificateExpired",
      "The user's certificate has ended.",
      "Put a certificate that is valid now into the Secret."),
  HOST_NOT_COVERED(
      "HostNotCovered",
      "The certificate does not name every host of `externalHosts`; clients that use the others"
          + " refuse it.",
      "Add the names to the certificate, or take them out of spec.externalHosts."),

  CONFIGURED("Configured", "The message names who can log in.", ""),
  NO_USERS(
      "NoUsers",
      "The spec names nobody who could log in, and does not accept ServiceAccounts.",
      "Name a Secret with the key htpasswd in spec.authentication.users.secretRef, or another source of users."),

  SERVICE_READY("ServiceReady", "The Service is there.", ""),
  LOAD_BALANCER_PENDING(
      "LoadBalancerPending",
      "The Service has no address yet.",
      "If it stays so, the cluster has no load balancers: use NodePort, or ClusterIP and an"
          + " ingress."),

  POD_PENDING(
      "PodPending", "Not every pod serves yet.", "If it stays so, look at kubectl describe pod."),
  POD_FAILING(
      "PodFailing",
      "A container does not start or does not stay; the message has its words.",
      "Look at kubectl logs and kubectl describe of the pod."),

  ENFORCED("Enforced", "Every replica has acknowledged the policy.", ""),
  REPLICA_UNREACHABLE(
      "ReplicaUnreachable",
      "A replica did not take the policy.",
      "The operator tries again; check that it may reach port 5001 of the registry's pods."),
  POLICY_TOO_LARGE(
      "PolicyTooLarge",
      "The policy does not fit into one Secret.",
      "Declare fewer or wider Repositories and AccessPolicies; the last policy that fitted stays in"
          + " force."),

  IMAGES_REMAIN(
      "ImagesRemain",
      "The Repository is being deleted with `deletionPolicy: Delete`, and no server has deleted its images yet.",
      "The operator tries again; to let the Repository go without its images, set spec.deletionPolicy to Retain."),
  IMAGES_KEPT(
      "ImagesKept",
      "The Repository is being deleted and its images stay. It is held until no wider one can take them along that is deleted at the same time with `deletionPolicy: Delete`.",
      "It goes by itself as soon as its images are safe."),
  IMAGES_DELETED(
      "ImagesDeleted",
      "Of an Event alone: the images of a Repository were deleted with it; the message says until when they can be restored.",
      ""),
  MANY_IMAGES(
      "ManyImages",
      "Pods run almost as many images as a policy names. All of them are protected.",
      "Delete Pods that have ended, or let the operator watch fewer namespaces."),
  TOO_MANY_IMAGES(
      "TooManyImages",
      "Pods run more images than a policy names. Those pulled by a name of the Registry are protected, those that only a mirror may have from it not all.",
      "Delete Pods that have ended, let the operator watch fewer namespaces, or add the names that nodes pull by to spec.externalHosts."),
  CONFIGURED_NODES("NodesConfigured", "Every node is as the Registry wants it.", ""),
  NODES_PENDING(
      "NodesPending",
      "Not every node is configured yet.",
      "If it stays so, look at kubectl describe of the DaemonSet that ends in -node-access and of its pods."),
  CONFIG_PATH_UNSET(
      "ConfigPathUnset",
      "The container runtime of a node looks for no hosts; the message has the remedy for its distribution.",
      "See docs/node-access.md."),
  HOST_TAKEN(
      "HostTaken",
      "A node has a directory for a host of the Registry that Berth, or this Registry, did not write, and which is left alone, or another Registry had the host first.",
      "Remove the directory, or take the host out of spec.externalHosts of one Registry."),
  RUNTIME_UNSUPPORTED(
      "RuntimeUnsupported",
      "A node has no container runtime that the agent can configure.",
      "Leave such nodes out by spec.nodeAccess.nodeSelector, or configure them by hand."),
  RELOAD_NEEDED(
      "ReloadNeeded",
      "CRI-O on a node has not read its file of mirrors since it was written.",
      "Reload it, or let it reload by itself; the message says how."),
  WRITE_FAILED(
      "WriteFailed",
      "The agent cannot write to a node; the message has the system's words.",
      "The agent tries again every few seconds."),
  AGENT_FAILING(
      "AgentFailing",
      "The agent does not run on a node, or does not answer there; the message says why.",
      "Look at kubectl describe of the pod; its image must come from another registry than this one."),
  PODS_REFUSED(
      "PodsRefused",
      "The namespace of the Registry refuses the agents, which mount a directory of the node.",
      "Label the namespace pod-security.kubernetes.io/enforce: privileged, or move the Registry to one of its own."),
  ADDRESS_NOT_COVERED(
      "AddressNotCovered",
      "Nodes reach the Service by its address, which the certificate does not name.",
      "Add the address to the certificate, name an external host that nodes can resolve, or use tls.selfSigned."),

  PULL_FAILED(
      "PullFailed",
      "A node that is configured cannot pull from the registry; the message has the kubelet's words.",
      "docs/node-access.md has a table of such words; the operator tries again by itself."),

  ADVERTISED_HOSTS("Advertised", "`kube-public` says how the Registry is reached.", ""),
  HOSTING_NOT_ALLOWED(
      "HostingNotAllowed",
      "The annotation `berth.dev/local-registry-hosting` asks for what the operator may not do: tools of the whole cluster push to what it would say.",
      "Set localRegistryHosting.enabled of the operator's chart, or remove the annotation."),

  APPLIED("Applied", "The server deletes by the rules of `retention`.", ""),
  DRY_RUN(
      "DryRun",
      "`retention.mode` is DryRun: the server shows what would go, and deletes nothing.",
      "Set mode to Enforce when the preview shows what is to go."),
  TOO_MANY_DELETIONS(
      "TooManyDeletions",
      "A run would delete more tags than `retention.maxDeletions`, and deletes nothing; the message has the revision of what it would delete.",
      "Look at the preview, then set the annotation berth.dev/acknowledge-retention to that revision, or change the rules."),

  ACCEPTED("Accepted", "It counts.", ""),
  REGISTRY_MISSING(
      "RegistryMissing",
      "There is no Registry of that name.",
      "Create the Registry, or correct spec.registryRef."),
  NOT_ALLOWED(
      "NotAllowed",
      "The Registry's tenancy does not give the path to this namespace.",
      "Ask the Registry's owner to extend spec.tenancy, or use other paths."),
  DISTRIBUTED("Distributed", "Every chosen namespace has the pull secret.", ""),
  NOTHING_TO_PULL(
      "NothingToPull",
      "The AccessPolicy has `pullSecrets`, and none of its rules lets anybody pull.",
      "Add the action Pull to a rule, or take spec.pullSecrets out."),
  EXPIRED(
      "Expired",
      "The time of the AccessPolicy is over.",
      "Set a later spec.expiresAt, or delete the AccessPolicy.");

  private final String value;
  private final String cause;
  private final String remedy;

  Reason(String value, String cause, String remedy) {
    this.value = value;
    this.cause = cause;
    this.remedy = remedy;
  }

  /** As it stands in {@code status.conditions[].reason}. */
  public String value() {
    return value;
  }

  /** When a condition has this reason, in Markdown. */
  public String cause() {
    return cause;
  }

  /** What to do, as whole sentences; empty where there is nothing to do. */
  public String remedy() {
    return remedy;
  }
}
