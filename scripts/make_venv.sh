#!/bin/sh
# Makes .venv with the Python given, or with the first of the usual names that runs and is 3.11 or newer; installs
# Debian's venv package where that is missing and can be installed.
set -u
python=""
for candidate in "$@" python3 python3.11 python3.12 python3.13; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    scripts/system_packages.sh python3 python3-venv
    python=python3
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        echo "Python 3.11 or newer is needed; on Debian 12 or Ubuntu 24.04: sudo apt-get install -y python3 python3-venv" >&2
        exit 1
    fi
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    scripts/system_packages.sh "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
fi
"$python" -m venv .venv || exit 1
