#!/usr/bin/env bash
# Installs a build into an empty tree and holds what lands there to its promises: every file in its FHS place, a
# unit that systemd accepts in silence, and an exposure of 1.2 at most.   usage: unit_file.sh BUILD_DIR
set -euo pipefail
exposure_tenths_max=12

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
DESTDIR=$tree cmake --install "$1" >"$tree/install.log"

for file in usr/sbin/hourglassd usr/bin/hourglass lib/systemd/system/hourglassd.service etc/hourglass/hourglass.toml; do
    [ -s "$tree/$file" ] || { echo "not installed: /$file"; exit 1; }
done

said=$(systemd-analyze verify --root="$tree" --recursive-errors=no hourglassd.service 2>&1) || true
[ -z "$said" ] || { echo "systemd-analyze verify says: $said"; exit 1; }

systemd-analyze security --offline=true --no-pager --threshold=$exposure_tenths_max \
    "$tree/lib/systemd/system/hourglassd.service" | tail -n 1
