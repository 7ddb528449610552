#!/bin/sh
# Installs GAS on this machine, or upgrades it: executables into a folder of their own release, units, a user, and
# settings if there are none yet. Safe to run again; a job that is running is handed back and taken up again.
#
#   ./install.sh [PROGRAM...]     the programs that shall run here: web annotator archiver thaw cloud (default: all)
#
# With DESTDIR=<folder> it only lays out the files, for a package or a test.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=${DESTDIR:-}
programs=${*:-cloud web annotator archiver thaw}
for program in $programs; do
  if [ ! -f "$here/gas-$program.service" ]; then
    echo "install.sh: there is no program '$program'; it is one of web, annotator, archiver, thaw, cloud." >&2
    exit 2
  fi
done
if [ -z "$root" ] && [ "$(id -u)" != 0 ]; then
  echo "install.sh: it needs root, to make a user and to install units. Try: sudo $0 $*" >&2
  exit 2
fi

# Whole, and what was built: nothing is installed from a folder that was copied halfway.
(cd "$here" && sha256sum --check --quiet --ignore-missing SHA256SUMS)
release=$(cat "$here/VERSION")

# A folder for each release, and a link to the present one; the link is switched in one step.
opt=$root/opt/gas
mkdir -p "$opt/$release"
for name in gas gas-web gas-annotator gas-archiver gas-thaw gas-cloud gas-operate anntools; do
  [ -f "$here/$name" ] || continue
  install -m 755 "$here/$name" "$opt/$release/.new"
  mv -f "$opt/$release/.new" "$opt/$release/$name"
done
install -m 644 "$here/operations.md" "$here/VERSION" "$opt/$release/"
before=$(readlink "$opt/current" 2>/dev/null || true)
ln -sfn "$release" "$opt/.current" && mv -fT "$opt/.current" "$opt/current"
# The release before this one stays, to go back to; older ones go.
if [ "$before" != "$release" ]; then
  for old in "$opt"/*/; do
    name=$(basename "$old")
    case $name in current | "$release" | "$before") ;; *) rm -rf "$old" ;; esac
  done
fi

units=$root/etc/systemd/system
mkdir -p "$units/gas-.service.d"
install -m 644 "$here"/gas-*.service "$here/gas.target" "$units/"
install -m 644 "$here/gas-.service.d/hardening.conf" "$units/gas-.service.d/"

mkdir -p "$root/etc/gas" "$root/usr/local/bin"
[ -f "$root/etc/gas/gas.env" ] || install -m 640 "$here/gas.env.example" "$root/etc/gas/gas.env"
for command in gas gas-operate anntools; do ln -sfn "/opt/gas/current/$command" "$root/usr/local/bin/$command"; done

if [ -n "$root" ]; then exit 0; fi

getent group gas >/dev/null || groupadd --system gas
getent passwd gas >/dev/null || useradd --system --gid gas --home-dir /var/lib/gas --no-create-home --shell /usr/sbin/nologin gas
chgrp gas /etc/gas/gas.env

if [ ! -d /run/systemd/system ]; then
  echo "installed $release in /opt/gas; systemd does not run here, so nothing was started"
  exit 0
fi
systemctl daemon-reload
# shellcheck disable=SC2086 # a list of words
systemctl enable --quiet gas.target $(printf 'gas-%s.service ' $programs)
# One after the other: a restarted program takes up what it handed back before the next one stops.
for program in $programs; do systemctl restart "gas-$program.service"; done
systemctl start gas.target
echo "installed $release; running: $programs"
