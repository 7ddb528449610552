#!/bin/sh
# Installs GAS on this machine, or upgrades it: executables into a folder of their own release, units, a user, and
# settings if there are none yet; then gas-roll brings the programs to it while they are in use. Safe to run again.
#
#   ./install.sh [PROGRAM...]     the programs that shall run here, of web annotator archiver thaw cloud
#                                 (default: all whose executables lie beside this script, be it one)
#
# With DESTDIR=<folder> it only lays out the files, for a package or a test.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=${DESTDIR:-}
beside() {
  for program in cloud web annotator archiver thaw; do
    if [ -f "$here/gas-$program" ]; then echo "$program"; fi
  done
}
programs=${*:-$(beside)}
for program in $programs; do
  case $program in
    cloud | web | annotator | archiver | thaw) ;;
    *)
      echo "install.sh: there is no program '$program'; it is one of web, annotator, archiver, thaw, cloud." >&2
      exit 2
      ;;
  esac
  if [ ! -f "$here/gas-$program" ]; then
    echo "install.sh: gas-$program does not lie beside this script. Build it: npm run build -- gas-$program" >&2
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

# A folder for each release. What this one does not bring is carried over from the one before.
opt=$root/opt/gas
mkdir -p "$opt/$release"
before=$(readlink "$opt/current" 2>/dev/null || true)
for name in gas gas-web gas-annotator gas-archiver gas-thaw gas-cloud gas-operate anntools; do
  if [ -f "$here/$name" ]; then
    install -m 755 "$here/$name" "$opt/$release/.new"
    mv -f "$opt/$release/.new" "$opt/$release/$name"
  elif [ -n "$before" ] && [ "$before" != "$release" ] && [ -f "$opt/$before/$name" ]; then
    ln -f "$opt/$before/$name" "$opt/$release/$name"
  fi
done
install -m 755 "$here/roll.sh" "$opt/$release/gas-roll"
install -m 644 "$here/operations.md" "$here/VERSION" "$opt/$release/"
# The release before this one stays, to go back to; older ones go.
if [ "$before" != "$release" ]; then
  for old in "$opt"/*/; do
    name=$(basename "$old")
    case $name in current | "$release" | "$before") ;; *) rm -rf "$old" ;; esac
  done
fi

units=$root/etc/systemd/system
mkdir -p "$units/gas-.service.d" "$root/etc/sysctl.d"
install -m 644 "$here"/gas-*.service "$here/gas.target" "$units/"
install -m 644 "$here/gas-.service.d/hardening.conf" "$units/gas-.service.d/"
install -m 644 "$here/sysctl.conf" "$root/etc/sysctl.d/50-gas.conf"

mkdir -p "$root/etc/gas" "$root/usr/local/bin"
[ -f "$root/etc/gas/gas.env" ] || install -m 640 "$here/gas.env.example" "$root/etc/gas/gas.env"
for command in gas gas-operate gas-roll anntools; do
  if [ -f "$opt/$release/$command" ]; then ln -sfn "/opt/gas/current/$command" "$root/usr/local/bin/$command"; fi
done

if [ -n "$root" ] || [ ! -d /run/systemd/system ]; then
  # The link to the present release is switched in one step.
  ln -sfn "$release" "$opt/.current" && mv -fT "$opt/.current" "$opt/current"
fi
if [ -n "$root" ]; then exit 0; fi

getent group gas >/dev/null || groupadd --system gas
getent passwd gas >/dev/null || useradd --system --gid gas --home-dir /var/lib/gas --no-create-home --shell /usr/sbin/nologin gas
chgrp gas /etc/gas/gas.env

if [ ! -d /run/systemd/system ]; then
  echo "installed $release in /opt/gas; systemd does not run here, so nothing was started"
  exit 0
fi
sysctl --quiet --load=/etc/sysctl.d/50-gas.conf || echo "install.sh: a visitor may be refused at an upgrade, see /etc/sysctl.d/50-gas.conf" >&2
systemctl daemon-reload
# Units that were one, and now are two.
for unit in gas-web.service gas-cloud.service; do
  if [ -f "$units/$unit" ]; then
    systemctl disable --quiet --now "$unit"
    rm "$units/$unit"
  fi
done
systemctl enable --quiet gas.target
# shellcheck disable=SC2086 # a list of words
"$opt/$release/gas-roll" --to "$release" $programs
systemctl start gas.target
