#!/bin/bash
# Boots a real systemd in namespaces of its own, on a copy of this machine's files that is thrown away, and runs one
# command under it. What the command says goes to $2, whose folder is /mnt there; nothing else outside is touched: no
# files, no network, no processes.
#
#   unshare --mount --pid --uts --ipc --net --cgroup --fork --kill-child boot-systemd.sh COMMAND OUTPUT
set -euo pipefail
command=$1
output=$2

mount --make-rprivate /
scratch=$(mktemp -d)
mount -t tmpfs tmpfs "$scratch"
mkdir "$scratch/upper" "$scratch/work" "$scratch/root"
root=$scratch/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$scratch/upper,workdir=$scratch/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
if [ -d /sys/fs/cgroup/unified ]; then
  # Both versions of control groups, as older kernels' settings have it: systemd's own hierarchy and some controllers.
  mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
  mkdir "$root/sys/fs/cgroup/unified" "$root/sys/fs/cgroup/systemd"
  mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup/unified"
  mount -t cgroup -o none,name=systemd,xattr cgroup "$root/sys/fs/cgroup/systemd"
  for controller in memory pids cpu; do
    mkdir "$root/sys/fs/cgroup/$controller"
    mount -t cgroup -o "$controller" cgroup "$root/sys/fs/cgroup/$controller" || true
  done
else
  mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
fi
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
ip link set lo up
hostname gas-test

: > "$output"
mount --bind "$(dirname "$output")" "$root/mnt"
units=$root/etc/systemd/system
cat > "$units/trial.target" <<UNIT
[Unit]
Requires=systemd-journald.service trial.service
After=systemd-journald.service
UNIT
cat > "$units/trial.service" <<UNIT
[Unit]
DefaultDependencies=no
After=systemd-journald.service
[Service]
Type=oneshot
TimeoutStartSec=600
ExecStart=/bin/bash -c '$command; echo "exit code \$?"; systemctl poweroff --force --force'
StandardOutput=append:/mnt/$(basename "$output")
StandardError=inherit
UNIT

cd "$root"
mkdir -p old-root
pivot_root . old-root
exec env -i container=trial PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin /bin/bash -c \
  'umount -l /old-root; exec /lib/systemd/systemd --system --unit=trial.target --show-status=no --log-level=err'
