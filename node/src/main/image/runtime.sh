# Which container runtime the node has, and where it looks for hosts.

# The path in this container of a path of the node, whose symlinks are followed as the node does.
inside() {
  rest=$1 path='' hops=0
  while [ -n "$rest" ]; do
    part=${rest%%/*}
    case $rest in */*) rest=${rest#*/} ;; *) rest='' ;; esac
    case $part in
      '' | .) continue ;;
      ..)
        path=${path%/*}
        continue
        ;;
    esac
    if [ -L "$host$path/$part" ] && [ "$hops" -lt 40 ]; then
      hops=$((hops + 1))
      link=$(readlink "$host$path/$part")
      case $link in /*) path='' ;; esac
      rest=$link/$rest
    else
      path=$path/$part
    fi
  done
  printf '%s\n' "$host$path"
}

# The path on the node.
outside() {
  printf '%s' "${1#"$host"}"
}

there() {
  [ -e "$(inside "$1")" ]
}

# Where this agent may have written on any node, by any config_path that distributions use.
known_directories() {
  for directory in /etc/containerd/certs.d /etc/containerd/hosts.d /etc/docker/certs.d /etc/containers/certs.d \
    /var/lib/rancher/k3s/agent/etc/containerd/certs.d /var/lib/rancher/rke2/agent/etc/containerd/certs.d \
    /etc/k0s/certs.d /etc/k0s/containerd/certs.d /var/snap/microk8s/current/args/certs.d; do
    inside "$directory"
  done | sort -u
}

# Sets runtime, empty where there is none to configure, and base, the directory that it looks for hosts in.
find_runtime() {
  if there /run/k3s/containerd/containerd.sock; then
    if there /var/lib/rancher/rke2/agent/etc/containerd/config.toml; then
      from_configuration rke2 /var/lib/rancher/rke2/agent/etc/containerd/config.toml
    elif ! there /var/lib/rancher/k3s/agent/etc/containerd/config.toml && running=$(containerd_configuration) && [ -n "$running" ]; then
      # Its --data-dir is another one.
      from_configuration k3s "$running"
    else
      from_configuration k3s /var/lib/rancher/k3s/agent/etc/containerd/config.toml
    fi
  elif there /run/k0s/containerd.sock; then
    from_configuration k0s /etc/k0s/containerd.toml
  elif there /var/snap/microk8s/common/run/containerd.sock; then
    from_configuration microk8s /var/snap/microk8s/current/args/containerd.toml
  elif there /run/crio/crio.sock; then
    runtime=crio
    base=$(inside /etc/containers/certs.d)
    mirrors=$(inside /etc/containers/registries.conf.d)
  elif there /run/cri-dockerd.sock; then
    trouble RuntimeUnsupported "The kubelet uses Docker by cri-dockerd, which has no mirrors for a registry of the cluster. Use containerd or CRI-O, or an external host with a certificate that the node trusts."
  elif running=$(containerd_configuration) || there /run/containerd/containerd.sock; then
    from_configuration containerd "${running:-/etc/containerd/config.toml}"
  else
    trouble RuntimeUnsupported "No socket of containerd, k3s, RKE2, k0s, MicroK8s or CRI-O is where it usually is. Configure the node by the ready files in the ConfigMap of the Registry."
  fi
}

# The configuration that a containerd was started with, where its command line names one; fails where none runs. Where the
# processes of the node are not to be seen, its usual places say as much.
containerd_configuration() {
  for process in "$host"/proc/[0-9]*; do
    # Without a program of its own for each of thousands of processes.
    read -r name 2>/dev/null <"$process/comm" && [ "$name" = containerd ] || continue
    # Anybody who may log in to the node can call a program so.
    [ "$(stat -c %u "$process" 2>/dev/null)" = "$(stat -c %u "$host")" ] || continue
    # One in a container has a number there too, is none of the node's, and may say what it likes.
    ! grep -q '^NSpid:[[:space:]]*[0-9][0-9]*[[:space:]][[:space:]]*[0-9]' "$process/status" 2>/dev/null || continue
    tr '\0' '\n' <"$process/cmdline" 2>/dev/null | awk '
      file { print; exit }
      /^--config=/ { print substr($0, 10); exit }
      $0 == "--config" || $0 == "-c" { file = 1 }'
    return 0
  done
  return 1
}

# from_configuration DISTRIBUTION FILE
from_configuration() {
  runtime=$1
  read_configuration "$2"
  value=$effective
  # Mirrors in the configuration turn off what is built in.
  [ -n "$value$listed" ] || [ "$1" != containerd ] || value=$(built_in_config_path)
  if [ -z "$value" ]; then
    runtime=''
    trouble ConfigPathUnset "$2 sets no config_path, so that containerd looks for no hosts. $(remedy "$1")"
    return
  fi
  # Of several, each is looked at in turn until one has a directory for the host.
  base=$(inside "${value%%:*}")
  if ! is_of_the_node "$base"; then
    trouble WriteFailed "$(outside "$base") can be changed by others than root, and is left alone. See that it and the directories above it belong to root."
    runtime='' base=''
  fi
}

# Whether nobody but whoever owns the node can have put what is at a path, or above it.
is_of_the_node() {
  above=$1 root=$(stat -c %u "$host")
  while [ "$above" != "$host" ] && [ -n "$above" ]; do
    if [ -e "$above" ]; then
      [ "$(stat -c %u "$above")" = "$root" ] || return 1
      case $(stat -c %A "$above") in ????????w?) return 1 ;; esac
    fi
    above=${above%/*}
  done
}

# Reads the file and those that it imports, which count more. Sets effective, the config_path, and listed, which is not
# empty where they list mirrors.
read_configuration() {
  pending=$1 effective='' listed='' version='' seen=0
  while [ -n "$pending" ] && [ "$seen" -lt 30 ]; do
    file=${pending%%
*}
    case $pending in *'
'*) pending=${pending#*
} ;; *) pending='' ;; esac
    [ -n "$file" ] || continue
    seen=$((seen + 1))
    real=$(inside "$file")
    [ -f "$real" ] || continue
    awk -v inherited="$version" -f "$here/config-path.awk" "$real" >"$state/configuration"
    [ -n "$version" ] || version=$(sed -n 's/^version //p' "$state/configuration")
    ! grep -q '^config_path ' "$state/configuration" || effective=$(sed -n 's/^config_path //p' "$state/configuration" | tail -n 1)
    ! grep -q '^mirrors$' "$state/configuration" || listed=yes
    while read -r pattern; do
      case $pattern in /*) ;; *) pattern=${file%/*}/$pattern ;; esac
      folder=$(inside "${pattern%/*}")
      for import in "$folder"/${pattern##*/}; do
        [ ! -f "$import" ] || pending="$pending
$(outside "$import")"
      done
    done <<IMPORTS
$(sed -n 's/^import //p' "$state/configuration")
IMPORTS
  done
}

# What containerd uses where its configuration says nothing: since 2.2 a path that is in its program, before it nothing.
built_in_config_path() {
  standard=/etc/containerd/certs.d:/etc/docker/certs.d
  for program in /usr/bin/containerd /usr/local/bin/containerd; do
    real=$(inside "$program")
    [ -f "$real" ] || continue
    # The same file was looked through at an earlier pass.
    stamp=$(stat -c '%i %s %Y' "$real")
    if [ "$stamp" != "$(head -n 1 "$state/program" 2>/dev/null)" ]; then
      { echo "$stamp"; strings -n 43 "$real" | grep -q -F "$standard" && echo "$standard"; } >"$state/program"
    fi
    sed -n 2p "$state/program"
    return
  done
}

# remedy DISTRIBUTION: what its owner does.
remedy() {
  id=$(sed -n 's/^ID=//p' "$(inside /etc/os-release)" 2>/dev/null | tr -d \"\')
  case $1:$id in
    k3s:* | rke2:* | *:talos | *:bottlerocket) ;;
    # containerd refuses to have both.
    *) [ -z "$listed" ] || printf 'Its registry.mirrors must go first, each into a hosts.toml: with them and a config_path containerd serves no pods. ' ;;
  esac
  case $1:$id in
    k3s:* | rke2:*) printf 'Upgrade %s, whose releases of 2024 and later set it, or copy the file for registries.yaml from the ConfigMap of the Registry to /etc/rancher/%s/registries.yaml and restart %s.' "$1" "$1" "$1" ;;
    k0s:*) printf 'Add containerd.toml of the ConfigMap of the Registry, with config_path = "/etc/k0s/certs.d", to /etc/k0s/containerd.d and restart k0s.' ;;
    microk8s:*) printf 'Set config_path = "${SNAP_DATA}/args/certs.d" in /var/snap/microk8s/current/args/containerd-template.toml and restart MicroK8s.' ;;
    *:talos) printf 'Apply the machine configuration for Talos from the ConfigMap of the Registry.' ;;
    *:bottlerocket) printf 'Apply the settings for Bottlerocket from the ConfigMap of the Registry.' ;;
    *:amzn) printf 'Add the NodeConfig for nodeadm from the ConfigMap of the Registry to the user data of the nodes.' ;;
    *)
      if there /kind; then
        printf 'Make the kind cluster with the containerdConfigPatches of the ConfigMap of the Registry.'
      else
        printf 'Set config_path = "/etc/containerd/certs.d" in the registry section of the CRI plug-in and restart containerd once; it is in no need of that again.'
      fi
      ;;
  esac
}

# Whether CRI-O reads the file by itself, or started after it was written.
crio_knows() {
  for setting in /etc/crio/crio.conf /etc/crio/crio.conf.d; do
    ! grep -r -q -E '^[[:space:]]*auto_reload_registries[[:space:]]*=[[:space:]]*true' "$(inside "$setting")" 2>/dev/null || return 0
  done
  [ "$(inside /run/crio/crio.sock)" -nt "$1" ]
}
