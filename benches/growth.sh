#!/usr/bin/env bash
# How time and memory grow: with the number of incidents, with the bytes read, and packed logs.
#
#   benches/growth.sh [FOLDER]      logs are generated in FOLDER (a new one in /tmp without it) and stay there.
#                                   JOBS=2 LARGE=10GiB can be set; LARGE= leaves the largest set out.
set -euo pipefail
cd "$(dirname "$0")/.."

jobs=${JOBS:-2} large=${LARGE-10GiB} folder=${1:-$(mktemp -d)}
cargo build --release --locked --quiet --bin alertbook --example generate
alertbook=target/release/alertbook

logs() { # NAME OPTIONS...: logs of that name, made once
    [ -d "$folder/$1" ] || target/release/examples/generate "$folder/$1" "${@:2}"
    cat "$folder/$1"/* | wc -c >/dev/null
}

row() { # TITLE NAME: one row for `check` and one for `build --format json`
    local site out
    site=$(mktemp -d)
    out=$(env time -f "%e s wall, %U + %S s CPU, %M KiB" "$alertbook" check "$folder/$2" --jobs "$jobs" 2>&1 >/dev/null | tail -1)
    echo "$1 | check | $out"
    out=$(env time -f "%e s wall, %U + %S s CPU, %M KiB" "$alertbook" build "$folder/$2" --period all --format json --jobs "$jobs" -q -o "$site/site" 2>&1 >/dev/null | tail -1)
    echo "$1 | build | $out | $(wc -l <"$site/site/incidents.csv") incidents, report.json $(stat -c %s "$site/site/report.json") bytes"
    rm -rf "$site"
}

logs g1000 --bytes 200MiB --hosts 20 --rules 50 --even
logs g10000 --bytes 200MiB --hosts 200 --rules 50 --even
logs g100000 --bytes 400MiB --hosts 4000 --rules 50 --even
row "1,000 incidents" g1000
row "10,000 incidents" g10000
row "100,000 incidents, 400 MiB" g100000

logs plain --bytes 1GiB --seed 1
row "1 GiB" plain
if [ -n "$large" ]; then
    logs large --bytes "$large" --seed 1
    row "$large" large
fi
logs gz --bytes 1GiB --seed 1 --gz
row "1 GiB as .gz" gz
logs zst --bytes 1GiB --seed 1 --zst
row "1 GiB as .zst" zst
