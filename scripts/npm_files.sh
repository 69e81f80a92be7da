#!/bin/sh
# Takes files from their npm packages, by package-lock.json: htmx with its SSE extension into the folder that we serve,
# the Turkish dictionary to the checks of wording.
set -eu
target=inbox/web/static/vendor
npm=$(command -v npm || true)
if [ -z "$npm" ]; then
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-node.lock
    PATH="$PWD/.venv/bin:$PATH"
fi
npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null
mkdir -p "$target"
cp node_modules/htmx.org/dist/htmx.min.js "$target/htmx.min.js"
cp node_modules/htmx-ext-sse/dist/sse.min.js "$target/sse.js"
mkdir -p inbox/dictionary
cp node_modules/dictionary-tr/index.aff inbox/dictionary/tr.aff
cp node_modules/dictionary-tr/index.dic inbox/dictionary/tr.dic
