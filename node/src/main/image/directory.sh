# How files come to be and go on the node: whole or not at all, and only where the marker says whose they are.

marker=.berth

# The first line of everything that belongs to the Registry.
ownership() {
  printf '# Written by Berth for Registry %s. Changes are overwritten.' "$owner"
}

is_owned() {
  [ -f "$1/$marker" ] && [ ! -L "$1/$marker" ] && [ "$(head -n 1 "$1/$marker")" = "$(ownership)" ]
}

# Whose a directory is that is not this Registry's, in words.
holder() {
  other=$(sed -n 's/^# Written by Berth for Registry \(.*\)\. Changes are overwritten\.$/\1/p;q' "$1/$marker" 2>/dev/null)
  if [ -n "$other" ]; then printf 'belongs to Registry %s' "$other"; else printf 'was not written by Berth'; fi
}

failed() {
  trouble WriteFailed "$1 cannot be written: $(head -n 1 "$state/error" | cut -c 1-300). See that it is no read-only file system, and not full."
}

# write_whole SOURCE TARGET: replaces the target at once; one that is equal stays as it is.
write_whole() {
  if [ -f "$2" ] && [ ! -L "$2" ] && cmp -s "$1" "$2"; then return 0; fi
  { cp "$1" "$2.berth-new" && chmod 644 "$2.berth-new" && sync "$2.berth-new" && mv -f -T "$2.berth-new" "$2"; } 2>"$state/error"
}

# write_directory BASE NAME HOSTS CA: brings the directory of a host to the two files; an empty name or file: without it.
write_directory() {
  dir=$1/$2
  if [ -L "$dir" ] || { [ -e "$dir" ] && ! is_owned "$dir"; }; then
    trouble HostTaken "$(outside "$dir") $(holder "$dir"), and is left alone. Move what it says into place by hand, or remove it."
    return 0
  fi
  new=$1/.berth-${slug}_$2
  target=$dir
  if [ ! -e "$dir" ]; then
    # A directory appears with its marker and all its files, or not at all.
    { mkdir -p "$1" && [ ! -L "$new" ] && mkdir -p "$new" && ownership >"$state/marker" && write_whole "$state/marker" "$new/$marker"; } 2>"$state/error" || {
      failed "$(outside "$dir")"
      return 0
    }
    target=$new
  fi
  rm -f "$target/hosts.toml.berth-new" "$target/ca.crt.berth-new"
  # The authority first: hosts.toml, old or new, then never names what is not trusted.
  write_or_remove "$4" "$target/ca.crt" && write_or_remove "$3" "$target/hosts.toml" || {
    failed "$(outside "$dir")"
    return 0
  }
  [ "$target" = "$dir" ] || mv -T "$new" "$dir" 2>"$state/error" || failed "$(outside "$dir")"
}

write_or_remove() {
  if [ -n "$1" ] && [ -s "$1" ]; then write_whole "$1" "$2"; else rm -f "$2" 2>"$state/error"; fi
}

# remove_directory BASE NAME: first out of the runtime's sight, then gone. What somebody else put there stays, unmarked.
remove_directory() {
  gone=$1/.berth-${slug}_gone_$2
  if [ -z "$(foreign_files "$1/$2")" ]; then
    { mv -T "$1/$2" "$gone" && remove_files "$gone" && rmdir "$gone"; } 2>"$state/error" || failed "$(outside "$1/$2")"
  else
    remove_files "$1/$2" 2>"$state/error" || failed "$(outside "$1/$2")"
  fi
}

foreign_files() {
  find "$1" -mindepth 1 -maxdepth 1 ! -name "$marker" ! -name hosts.toml ! -name ca.crt ! -name '*.berth-new'
}

# The marker last: what is interrupted goes on at the next pass.
remove_files() {
  rm -f "$1/hosts.toml" "$1/ca.crt" "$1/hosts.toml.berth-new" "$1/ca.crt.berth-new" "$1/$marker.berth-new" && rm -f "$1/$marker"
}

# What a pass left that did not come to its end. The underscore ends the name: Registry main must not take those of main-2.
clear_leftovers() {
  for left in "$1/.berth-${slug}_"*; do
    [ -d "$left" ] && [ ! -L "$left" ] || continue
    { remove_files "$left" && rmdir "$left"; } 2>"$state/error" || failed "$(outside "$left")"
  done
}

# write_own_file TARGET SOURCE: a file whose first line is the marker.
write_own_file() {
  if [ -L "$1" ] || { [ -e "$1" ] && [ "$(head -n 1 "$1")" != "$(ownership)" ]; }; then
    trouble HostTaken "$(outside "$1") was not written by Berth, and is left alone. Move it away."
    return 0
  fi
  mkdir -p "${1%/*}" 2>"$state/error" && write_whole "$2" "$1" || failed "$(outside "$1")"
}

remove_own_file() {
  rm -f "$1.berth-new"
  if [ -f "$1" ] && [ ! -L "$1" ] && [ "$(head -n 1 "$1")" = "$(ownership)" ]; then
    rm -f "$1" 2>"$state/error" || failed "$(outside "$1")"
  fi
}
