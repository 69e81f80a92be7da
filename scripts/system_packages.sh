#!/bin/sh
# Installs the Debian packages named, where it can; else says in one line which command installs them, and goes on.
set -u
missing=""
for package in "$@"; do
    case $package in
        chromium) command -v chromium >/dev/null || command -v chromium-browser >/dev/null || missing="$missing $package" ;;
        redis-server) command -v redis-server >/dev/null || missing="$missing $package" ;;
        postgresql) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing $package" ;;
        *) dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package" ;;
    esac
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } >/dev/null 2>&1 && exit 0
fi
echo "Missing system packages; install them with: sudo apt-get install -y$missing" >&2
