#!/usr/bin/env bash
# Runs alertbook and its peers in turn on the same logs, and prints medians and ratios.
#
#   benches/compare.sh [LOGS]      LOGS is a folder of plain files of JSON lines; without it, 1 GiB
#                                  is generated. ROUNDS=5 JOBS=2 PYTHON=python3 can be set.
#
# Peers that are not installed are left out, and that is said. alertbook does all of its work but the
# pages (`build --format json`) and, in a second row, all but writing (`check`); DuckDB, Polars, chDB
# and Python group by rule and host (see peers.py); jq and GoAccess only count.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${ROUNDS:-5} jobs=${JOBS:-2} python=${PYTHON:-python3}
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
cargo build --release --locked --quiet --bin alertbook --example generate
logs=${1:-}
if [ -z "$logs" ]; then
    logs=$work/logs
    target/release/examples/generate "$logs" --bytes "${BYTES:-1GiB}" --seed 1
fi
pattern="$logs/*"
cat "$logs"/* >"$work/warm" && rm "$work/warm"

alertbook=target/release/alertbook
declare -A command=(
    [alertbook]="$alertbook build $logs --period all --format json --jobs $jobs -q -o $work/site"
    [alertbook-check]="$alertbook check $logs --jobs $jobs -q"
    [python]="$python benches/peers.py python '$pattern' $work/python.json $jobs"
)
order=(alertbook alertbook-check)
for peer in duckdb polars chdb; do
    if "$python" benches/peers.py have "$peer" 2>/dev/null; then
        command[$peer]="POLARS_MAX_THREADS=$jobs $python benches/peers.py $peer '$pattern' $work/$peer.json $jobs"
        order+=("$peer")
        if [ "$peer" = duckdb ]; then
            command[duckdb-auto]="$python benches/peers.py duckdb-auto '$pattern' $work/auto.json $jobs"
            order+=(duckdb-auto)
        fi
    else
        echo "not installed: $peer"
    fi
done
order+=(python)
if command -v jq >/dev/null; then
    command[jq]="cat $pattern | jq -r '[.rule, .hostname] | @tsv' | sort | uniq -c >$work/jq.txt"
    order+=(jq)
else
    echo "not installed: jq"
fi
if command -v goaccess >/dev/null; then
    # Its panels are fixed: the host is a host, the rule a request.
    format='{ "hostname": "%h", "rule": "%U", "day": "%d", "time": "%t" }'
    command[goaccess]="cat $pattern | jq -c '{hostname, rule, day: .time[0:10], time: .time[11:19]}' | goaccess - \
        --no-global-config --no-ip-validation --log-format='$format' --date-format='%Y-%m-%d' --time-format='%T' -o $work/goaccess.json"
    command -v jq >/dev/null && order+=(goaccess)
else
    echo "not installed: goaccess"
fi

for round in $(seq "$rounds"); do
    for name in "${order[@]}"; do
        # The slow ones are run once: they are ratios of many, not of few.
        case $name in python | jq | goaccess) [ "$round" -eq 1 ] || continue ;; esac
        if ! env time -f "%e %U %S %M" -o "$work/time" bash -c "${command[$name]}" >/dev/null 2>"$work/errors"; then
            echo "$name failed: $(tail -1 "$work/errors")" >&2
            continue
        fi
        echo "$name $(tail -1 "$work/time")" >>"$work/runs"
    done
done

# Where both counted, the counts must agree.
count() { "$python" -c 'import json,sys; print(sum(1 for line in open(sys.argv[1]) if line.strip()))' "$1"; }
ours=$("$python" -c 'import json,sys; print(len(json.load(open(sys.argv[1]))["incidents"]))' "$work/site/report.json")
for peer in duckdb polars chdb; do
    [ -s "$work/$peer.json" ] || continue
    theirs=$(count "$work/$peer.json")
    [ "$theirs" = "$ours" ] || echo "$peer counts $theirs groups, alertbook $ours incidents" >&2
done

"$python" - "$work/runs" "$jobs" <<'PY'
import statistics, sys
runs = {}
for line in open(sys.argv[1]):
    name, wall, user, system, peak = line.split()
    runs.setdefault(name, []).append((float(wall), float(user) + float(system), int(peak) / 1024))
median = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in runs.items()}
base = median["alertbook"]
print(f"{'':16} {'runs':>4} {'wall s':>8} {'CPU s':>8} {'peak MiB':>9} {'wall x':>7} {'CPU x':>7}   ({sys.argv[2]} threads; x: that of alertbook)")
for name, (wall, cpu, peak) in median.items():
    print(f"{name:16} {len(runs[name]):>4} {wall:8.2f} {cpu:8.2f} {peak:9.0f} {wall / base[0]:7.2f} {cpu / base[1]:7.2f}")
PY
