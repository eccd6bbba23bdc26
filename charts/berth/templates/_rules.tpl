{{/*
What the operator may do. LeastPrivilegeIT compares these rules with what it asks for: one that is missing fails the
test that needs it, one that nobody uses fails that test.

Where Registries live: every namespace, or each that it watches.
*/}}
{{- define "berth.rules.registries" -}}
# The three kinds are the user's: the operator reads them, and writes their status. Of a Registry whose images are to be
# deleted with it, also the finalizer that holds it while pods run them; of a Repository, the one that holds it until its
# images, or a wider Repository's, are deleted; of an AccessPolicy, until its pull secrets are gone.
- apiGroups: [berth.dev]
  resources: [registries, repositories, accesspolicies]
  verbs: [list, watch, patch]
- apiGroups: [berth.dev]
  resources: [registries/status, repositories/status, accesspolicies/status]
  verbs: [patch]
# The children of a Registry. They go with it by their owner, so only what a changed spec takes away is deleted here.
# Server-side apply needs create and patch. Users' Secrets and claims are read by name; the lists are by label, which
# RBAC has no word for. Secrets are also the copies of pull secrets. ServiceAccounts are all watched: every one may log in
# where an AccessPolicy names it, and some get the names of pull secrets, on request.
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [services]
  verbs: [get, list, watch, create, patch]
# What nodes were told, and the agent that told them, is taken away when spec.nodeAccess or the Registry goes.
- apiGroups: [""]
  resources: [serviceaccounts, configmaps]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [apps]
  resources: [daemonsets]
  verbs: [get, list, watch, create, patch, delete]
# The pods that prove that nodes can pull, with spec.nodeAccess; each goes as soon as its result is known.
- apiGroups: [batch]
  resources: [jobs]
  verbs: [list, watch, create, delete]
# A claim is deleted only for deletionPolicy Delete.
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [apps]
  resources: [deployments]
  verbs: [get, list, watch, create, patch]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, list, watch, create, patch, delete]
# Where cert-manager is, and spec.tls.certManager asks for it: by name, never watched.
- apiGroups: [cert-manager.io]
  resources: [certificates]
  verbs: [get, create, patch, delete]
# Its servers' pods, by label: which are ready, and why one is not. All pods: what they run is neither collected nor expired,
# and before a claim is opened or deleted, which of them mount it, which run its images, and whether those still do.
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch]
# One for each transition of Ready.
- apiGroups: [""]
  resources: [events]
  verbs: [create]
{{- end -}}

{{/* What has no namespace. */}}
{{- define "berth.rules.cluster" -}}
# Labels of namespaces, which tenancy selects by.
- apiGroups: [""]
  resources: [namespaces]
  verbs: [list, watch]
# Of which pool a node is, by its labels, where Registries have spec.nodeAccess. Nodes are not watched.
- apiGroups: [""]
  resources: [nodes]
  verbs: [list]
# By which keys the cluster signs the tokens of its ServiceAccounts.
- nonResourceURLs: [/.well-known/openid-configuration, /openid/v1/jwks]
  verbs: [get]
{{- end -}}

{{/*
In the operator's own namespace: the Lease by which its replicas agree on one. A name cannot limit create. The framework
patches the Lease, but does not start without the right to update it.
*/}}
{{- define "berth.rules.own" -}}
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [{{ include "berth.name" . }}]
  verbs: [get, patch, update]
{{- end -}}

{{/* In kube-public, where Registries may say there that they are the cluster's own. A name cannot limit create. */}}
{{- define "berth.rules.hosting" -}}
- apiGroups: [""]
  resources: [configmaps]
  verbs: [create]
- apiGroups: [""]
  resources: [configmaps]
  resourceNames: [local-registry-hosting]
  verbs: [get, patch, delete]
{{- end -}}
