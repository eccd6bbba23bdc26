# Reads a configuration file of containerd (TOML), and prints what it says of:
#   version N | config_path VALUE | mirrors | import PATTERN
# inherited: the version of the file that imports this one. Version 3 renamed the plug-in.

function plain(key) {
  gsub(/["' \t]/, "", key)
  return key
}

# Every quoted string in a value, each printed after the word.
function strings(word, value,   quote, end) {
  while (match(value, /["']/)) {
    quote = substr(value, RSTART, 1)
    value = substr(value, RSTART + 1)
    end = index(value, quote)
    if (end == 0) return
    print word, substr(value, 1, end - 1)
    value = substr(value, end + 1)
  }
}

function is_registry(key) {
  if (key == "plugins.io.containerd.cri.v1.images.registry") return version == "" || version >= 3
  return version < 3 && (key == "plugins.io.containerd.grpc.v1.cri.registry" || key == "plugins.cri.registry")
}

# Whether a key is of a mirror that is listed here: the table alone, which a dump has empty, is of none.
function is_mirror(key,   at) {
  at = index(key, ".registry.mirrors.")
  return at > 0 && is_registry(substr(key, 1, at + 8))
}

# The value without the comment behind it.
function uncommented(value,   i, c, quote) {
  quote = ""
  for (i = 1; i <= length(value); i++) {
    c = substr(value, i, 1)
    if (quote != "") { if (c == quote) quote = "" }
    else if (c == "\"" || c == "'") quote = c
    else if (c == "#") return substr(value, 1, i - 1)
  }
  return value
}

BEGIN { section = ""; version = inherited; list = 0; text = 0 }

# Strings of several lines hold nothing that counts here.
text { if (index($0, fence)) text = 0; next }
{ line = uncommented($0); sub(/^[ \t]+/, "", line); sub(/[ \t\r]+$/, "", line) }
list { strings("import", line); if (index(line, "]")) list = 0; next }
line == "" { next }
line ~ /^\[\[/ { section = "?"; next }
line ~ /^\[/ { sub(/^\[/, "", line); sub(/\][^]]*$/, "", line); section = plain(line); if (is_mirror(section)) print "mirrors"; next }
{
  at = index(line, "=")
  if (at == 0) next
  key = plain(substr(line, 1, at - 1))
  value = substr(line, at + 1)
  sub(/^[ \t]+/, "", value)
  fence = substr(value, 1, 3)
  if ((fence == "\"\"\"" || fence == "'''") && !index(substr(value, 4), fence)) { text = 1; next }
  if (section != "") key = section "." key
  if (key == "version") { version = value + 0; print "version", version }
  else if (key == "imports") { strings("import", value); list = index(value, "]") == 0 }
  else if (is_mirror(key)) print "mirrors"
  else if (key ~ /\.config_path$/ && is_registry(substr(key, 1, length(key) - 12))) {
    quote = substr(value, 1, 1); value = substr(value, 2); print "config_path", substr(value, 1, index(value, quote) - 1)
  } else if (value ~ /^\{/ && is_registry(key) && match(value, /config_path[ \t]*=[ \t]*["'][^"']*/)) {
    value = substr(value, RSTART, RLENGTH); sub(/^[^"']*["']/, "", value); print "config_path", value
  }
}
