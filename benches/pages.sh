#!/usr/bin/env bash
# How fast pages are made: a new site, the same again with nothing changed, and peers that make as many.
#
#   benches/pages.sh [LOGS]      LOGS is a folder of plain files of JSON lines; without it, 200 MiB with
#                                about 10,000 incidents are generated. JOBS=2 PYTHON=python3 can be set.
#
# Peers that are not installed are left out, and that is said. Python groups the same logs and writes one
# small page for each rule and host; Hugo has nothing to group: it makes HTML of the Markdown pages that
# alertbook wrote.
set -euo pipefail
cd "$(dirname "$0")/.."

jobs=${JOBS:-2} python=${PYTHON:-python3}
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
cargo build --release --locked --quiet --bin alertbook --example generate
logs=${1:-}
if [ -z "$logs" ]; then
    logs=$work/logs
    target/release/examples/generate "$logs" --bytes 200MiB --hosts 200 --rules 50 --even
fi
cat "$logs"/* | wc -c >/dev/null

timed() { # TITLE COMMAND...: what it took
    local title=$1
    shift
    env time -f "%e %U %S %M" -o "$work/time" "$@" >/dev/null 2>"$work/errors" || { tail -3 "$work/errors" >&2; exit 1; }
    tail -1 "$work/time" | awk -v title="$title" '{ printf "%-34s %7.2f s wall %7.2f s CPU %6.0f MiB", title, $1, $2 + $3, $4 / 1024 }'
}

count() { find "$1" -type f "${@:2}" | wc -l; }

per_second() { # FILES: of the last that was timed
    awk -v files="$1" '{ printf "  %d files, %.0f a second\n", files, files / $1 }' <(tail -1 "$work/time")
}

build=(target/release/alertbook build "$logs" --period all --jobs "$jobs" -q)
timed "alertbook, a new site" "${build[@]}" -o "$work/site"
per_second "$(count "$work/site")"
touch "$work/before"
timed "alertbook, nothing changed" "${build[@]}" -o "$work/site"
per_second "$(count "$work/site")"
echo "  of them written anew: $(count "$work/site" -newer "$work/before")"
again=$(tail -1 "$work/time" | cut -d' ' -f1)
timed "alertbook, without pages" "${build[@]}" --format json -o "$work/json"
timed "  and again" "${build[@]}" --format json -o "$work/json"
tail -1 "$work/time" | awk -v again="$again" -v files="$(count "$work/site")" \
    '{ printf "  to look at %d files took %.2f s: %.0f a second\n", files, again - $1, files / (again - $1) }'
echo

if "$python" benches/peers.py have jinja2; then
    timed "Python json, jinja2, small pages" "$python" benches/peers.py pages "$logs/*" "$work/python" "$jobs"
    per_second "$(count "$work/python")"
else
    echo "not installed: jinja2"
fi

if command -v hugo >/dev/null; then
    mkdir -p "$work/hugo/layouts/_default" "$work/hugo/content"
    cat >"$work/hugo/config.toml" <<'TOML'
baseURL = "/"
title = "Incidents"
disableKinds = ["taxonomy", "term", "RSS", "sitemap"]
TOML
    echo '<!DOCTYPE html><html lang="en"><title>{{ .Title }}</title><main>{{ .Content }}</main></html>' \
        >"$work/hugo/layouts/_default/single.html"
    echo '<!DOCTYPE html><html lang="en"><ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</ul></html>' \
        >"$work/hugo/layouts/_default/list.html"
    # Braces are Hugo's own shortcodes.
    "$python" - "$work/site/incidents" "$work/hugo/content/incidents" <<'PY'
import pathlib, sys
source, target = map(pathlib.Path, sys.argv[1:])
for page in source.glob("*/*.md"):
    out = target / page.relative_to(source)
    out.parent.mkdir(parents=True, exist_ok=True)
    text = page.read_text(encoding="utf-8").replace("{{", "{ {")
    out.write_text(f"---\ntitle: {page.stem}\n---\n{text}", encoding="utf-8")
PY
    timed "Hugo, from that Markdown" env GOMAXPROCS="$jobs" hugo --quiet -s "$work/hugo" -d "$work/hugo/public"
    per_second "$(count "$work/hugo/public" -name '*.html')"
else
    echo "not installed: hugo"
fi
