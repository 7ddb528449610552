#!/bin/sh
# Brings programs to a release and to the settings of /etc/gas/gas.env, one after the other. No job is lost, and no
# visitor is refused: of the site and the cloud there are two units, a and b; the one that is not running is started,
# and when it takes requests the other is stopped. If a program does not become ready, everything stays, or goes back
# to, what it was.
#
#   gas-roll [PROGRAM...]                 after a change of settings; default: every program enabled here
#   gas-roll --to RELEASE [PROGRAM...]    to a release that lies in /opt/gas, a newer or the older one
set -eu

opt=/opt/gas
before=$(readlink "$opt/current" 2>/dev/null || true)
release=$before
if [ "${1:-}" = --to ]; then
  release=${2:-}
  shift 2
fi
if [ -z "$release" ] || [ ! -d "$opt/$release" ]; then
  echo "gas-roll: there is no release '$release' in $opt; there are: $(cd "$opt" && ls --ignore=current | xargs)." >&2
  exit 2
fi

enabled() {
  for program in cloud web annotator archiver thaw; do
    for unit in "gas-$program.service" "gas-$program@a.service" "gas-$program@b.service"; do
      if systemctl is-enabled --quiet "$unit" 2>/dev/null; then echo "$program"; break; fi
    done
  done
}

switch_to() {
  ln -sfn "$1" "$opt/.current" && mv -fT "$opt/.current" "$opt/current"
}

# Starts a program on what `current` is, and stops what ran before it.
roll() {
  case $1 in
    web | cloud)
      old=b new=a
      if systemctl is-active --quiet "gas-$1@a.service"; then old=a new=b; fi
      if ! systemctl restart "gas-$1@$new.service"; then
        systemctl stop "gas-$1@$new.service"
        return 1
      fi
      systemctl disable --quiet "gas-$1@$old.service"
      systemctl enable --quiet "gas-$1@$new.service"
      systemctl stop "gas-$1@$old.service"
      ;;
    *)
      systemctl enable --quiet "gas-$1.service"
      systemctl restart "gas-$1.service"
      ;;
  esac
}

programs=${*:-$(enabled)}
for program in $programs; do
  if [ ! -x "$opt/$release/gas-$program" ]; then
    echo "gas-roll: $release has no gas-$program." >&2
    exit 2
  fi
done

switch_to "$release"
rolled=
for program in $programs; do
  rolled="$program $rolled"
  if roll "$program"; then continue; fi
  echo "gas-roll: gas-$program of $release does not become ready; see: journalctl -t gas-$program -n 20" >&2
  if [ -n "$before" ] && [ "$before" != "$release" ]; then
    echo "gas-roll: going back to $before" >&2
    switch_to "$before"
    for again in $rolled; do roll "$again"; done
  fi
  exit 1
done
echo "on $release: $(echo $programs)"
