#!/usr/bin/env bash
# Tries a package as somebody on a fresh Debian or Ubuntu would: installs it with what it asks for and nothing else, starts it on a
# screen, and sees its window and that it is well. It installs things, so run it as root in a container or another root:
#
#   docker run --rm --volume "$PWD:/polychat:ro" debian:12.15-slim /polychat/deploy/try-deb.sh /polychat/target/packages/*.deb
set -euo pipefail

if [ $# -ne 1 ] || [ "$(id -u)" -ne 0 ]; then
    echo "As root: try-deb.sh PACKAGE" >&2
    exit 2
fi
package=$(realpath "$1")
port=7119
export DEBIAN_FRONTEND=noninteractive

apt-get update --quiet
apt-get install --yes --quiet --no-install-recommends "$package"
# What a desktop has, and a fresh root has not.
apt-get install --yes --quiet --no-install-recommends xvfb xauth x11-utils dbus curl
home=/var/lib/tester
id tester >/dev/null 2>&1 || useradd --create-home --home-dir "$home" tester

cat >"$home/try" <<'TRY'
#!/usr/bin/env bash
set -euo pipefail
polychat --demo --port "$1" &
program=$!
trap 'kill "$program" 2>/dev/null || true' EXIT
for _ in $(seq 60); do
    kill -0 "$program"
    window=$(xwininfo -root -tree | grep '"Polychat' | head -n 1 || true)
    health=$(curl --silent "http://127.0.0.1:$1/health" || true)
    case $health in *'"status":"ok"'*) [ -z "$window" ] || break ;; esac
    sleep 1
done
echo "window: $window"
echo "health: $health"
curl --silent --fail "http://127.0.0.1:$1/" | grep --quiet '<title>Polychat</title>'
[ -n "$window" ] && [ -n "$health" ]
kill "$program"
wait "$program"
TRY
chmod 0755 "$home/try"
runuser --user tester -- env HOME="$home" XDG_RUNTIME_DIR="$home" \
    dbus-run-session -- xvfb-run --auto-servernum --server-args "-screen 0 1280x800x24" "$home/try" "$port"
echo "The package works."
