#!/usr/bin/env bash
# Makes the README's pictures from the example's pages with headless Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."

shoot() {
    local page=$1 picture=$2 size=$3 profile
    profile=$(mktemp -d)
    chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars \
        --disable-background-networking --disable-component-update --disable-sync \
        --user-data-dir="$profile" --window-size="$size" --screenshot="$picture" \
        "file://$PWD/$page" >/dev/null 2>&1
    rm -rf "$profile"
}

shoot examples/site/index.html docs/report.png 1180,1240
incident=$(ls examples/site/incidents/drop-and-execute-*/node-07-*.html)
shoot "$incident" docs/incident.png 1180,1240
