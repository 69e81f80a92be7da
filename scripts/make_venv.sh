#!/bin/sh
# Makes .venv with the Python given (3.11 or newer), installing Debian's venv package where that is possible.
set -u
python=${1:-}
if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Python 3.11 or newer is needed; install it with: sudo apt-get install -y python3 python3-venv" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    scripts/system_packages.sh "$version"
fi
"$python" -m venv .venv || exit 1
