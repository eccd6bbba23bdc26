{{/* The name of everything here: the release's, made to say whose operator it is. */}}
{{- define "berth.name" -}}
{{- /* A Service's name has no dot and begins with a letter; a release's need not. */ -}}
{{- $release := .Release.Name | replace "." "-" -}}
{{- if regexMatch "^[0-9]" $release -}}
{{- $release = printf "release-%s" $release -}}
{{- end -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains "berth-operator" $release -}}
{{- $release | trunc 52 | trimSuffix "-" -}}
{{- else if contains "berth" $release -}}
{{- printf "%s-operator" ($release | trunc 43 | trimSuffix "-") -}}
{{- else -}}
{{- printf "%s-berth-operator" ($release | trunc 37 | trimSuffix "-") -}}
{{- end -}}
{{- end -}}

{{- define "berth.serviceAccount" -}}
{{- default (include "berth.name" .) .Values.serviceAccount.name -}}
{{- end -}}

{{/* What selects the operator's pods; it never changes. */}}
{{- define "berth.selector" -}}
app.kubernetes.io/name: berth-operator
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{/*
Labels of everything here. Not managed-by berth: that is what the operator puts on its own, and watches.
*/}}
{{- define "berth.labels" -}}
{{ include "berth.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: berth
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The namespaces that the operator looks at, once each; nothing: all of them. */}}
{{- define "berth.watchNamespaces" -}}
{{- join "," (.Values.watchNamespaces | uniq | sortAlpha) -}}
{{- end -}}

{{/* An image of this release: repository and tag of the values, and the release's tag where they name none. */}}
{{- define "berth.image" -}}
{{- if contains "@" .image.repository -}}
{{- .image.repository -}}
{{- else if hasPrefix "sha256:" .image.tag -}}
{{- printf "%s@%s" .image.repository .image.tag -}}
{{- else -}}
{{- printf "%s:%s" .image.repository (default .release .image.tag) -}}
{{- end -}}
{{- end -}}
