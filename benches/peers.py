"""The grouping task of compare.sh in DuckDB, Polars, chDB and plain Python; and pages, for pages.sh.

usage: peers.py duckdb|duckdb-auto|polars|chdb|python|pages GLOB OUT THREADS

By rule and host: alerts, first and last time, alerts by hour of the day, the ten most frequent
process names and images. Writes JSON Lines to OUT; `pages` writes a small HTML page for each rule and
host into the folder OUT by jinja2, with the first fifty alerts beside. `have NAME` exits 0 where
NAME can run.
"""

import glob
import importlib.util
import json
import os
import sys
from collections import Counter

NAMES = ("proc.name", "container.image.repository")


def duckdb(pattern, out, threads, auto=False):
    import duckdb as db

    columns = (
        ""
        if auto
        else """, columns={rule:'VARCHAR', hostname:'VARCHAR', time:'VARCHAR',
            output_fields:'STRUCT("proc.name" VARCHAR, "container.image.repository" VARCHAR)'}"""
    )
    time = "strftime(time, '%H')" if auto else "substr(time, 12, 2)"
    top = ", ".join(
        f"""list_sort(list_transform(map_entries(histogram(output_fields."{name}")),
            lambda e: {{c: -e.value::INT, k: e.key}}))[:10] AS t{at}"""
        for at, name in enumerate(NAMES)
    )
    reader = "read_json_auto" if auto else "read_json"
    db.sql(f"SET threads={threads}")
    db.sql("SET preserve_insertion_order=false")
    db.sql(
        f"""COPY (SELECT rule, hostname, count(*) AS n, min(time) AS t_first, max(time) AS t_last,
            histogram({time}) AS hours, {top}
            FROM {reader}('{pattern}', format='newline_delimited'{columns})
            GROUP BY rule, hostname) TO '{out}' (FORMAT json)"""
    )


def polars(pattern, out, threads):
    # POLARS_MAX_THREADS is set by who calls this.
    import polars as pl

    schema = {
        "rule": pl.String,
        "hostname": pl.String,
        "time": pl.String,
        "output_fields": pl.Struct({name: pl.String for name in NAMES}),
    }
    fields = [pl.col("output_fields").struct.field(name) for name in NAMES]
    hour = pl.col("time").str.slice(11, 2).alias("hour")
    lazy = pl.scan_ndjson(sorted(glob.glob(pattern)), schema=schema)
    lazy = lazy.select("rule", "hostname", "time", hour, *fields)
    grouped = lazy.group_by("rule", "hostname").agg(
        pl.len().alias("n"),
        pl.col("time").min().alias("first"),
        pl.col("time").max().alias("last"),
        pl.col("hour").value_counts(sort=True).alias("hours"),
        *[pl.col(name).drop_nulls().value_counts(sort=True).head(10).alias(f"top {name}") for name in NAMES],
    )
    grouped.collect().write_ndjson(out)


def chdb(pattern, out, threads):
    import chdb as ch

    top = ", ".join(
        f"""arraySlice(arraySort(x -> (-x.2, x.1), arrayFilter(x -> x.1 != '', arrayZip(
            sumMap([output_fields.`{name}`], [1]).1, sumMap([output_fields.`{name}`], [1]).2))), 1, 10)"""
        for name in NAMES
    )
    query = f"""SELECT rule, hostname, count() AS n, min(time), max(time),
        sumMap([substring(time, 12, 2)], [1]), {top}
        FROM file('{pattern}', 'JSONEachRow', 'rule String, hostname String, time String,
            output_fields Tuple(`proc.name` Nullable(String), `container.image.repository` Nullable(String))')
        GROUP BY rule, hostname
        SETTINGS max_threads={threads}, input_format_skip_unknown_fields=1,
            input_format_json_ignore_unknown_keys_in_named_tuple=1"""
    query = query.replace("sumMap([output_fields.", "sumMap([ifNull(output_fields.").replace(
        "`], [1])", "`, '')], [1])"
    )
    with open(out, "w", encoding="utf-8") as file:
        file.write(str(ch.query(query, "JSONEachRow")))


PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{ rule }} on {{ host }}</title></head><body>
<h1>{{ rule }} on {{ host }}</h1>
<p>{{ count }} alerts, {{ first }} to {{ last }}</p>
<table>{% for hour, number in hours %}<tr><th>{{ hour }}</th><td>{{ number }}</td></tr>{% endfor %}</table>
{% for top in tops %}<ol>{% for value, number in top %}<li>{{ value }}: {{ number }}</li>{% endfor %}</ol>{% endfor %}
<table>{% for alert in alerts %}<tr>
<td>{{ alert.time }}</td><td>{{ alert.priority }}</td><td>{{ alert.output_fields["user.name"] }}</td>
<td>{{ alert.output_fields["proc.name"] }}</td><td>{{ alert.output_fields["proc.cmdline"] }}</td>
<td>{{ alert.output_fields["container.image.repository"] }}</td><td>{{ alert.output }}</td></tr>{% endfor %}</table>
</body></html>
"""


def pages(pattern, out, threads):
    from jinja2 import Environment

    page = Environment(autoescape=True).from_string(PAGE)
    for number, ((rule, host), group) in enumerate(sorted(grouped(pattern, 50).items())):
        count, first, last, hours, tops, alerts = group
        tops = [top.most_common(10) for top in tops]
        text = page.render(rule=rule, host=host, count=count, first=first, last=last,
                           hours=sorted(hours.items()), tops=tops, alerts=alerts)
        folder = os.path.join(out, str(number // 100))
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, f"{number}.html"), "w", encoding="utf-8") as file:
            file.write(text)


def python(pattern, out, threads):
    with open(out, "w", encoding="utf-8") as file:
        for (rule, host), (count, first, last, hours, tops, _) in sorted(grouped(pattern, 0).items()):
            row = [rule, host, count, first, last, hours, [top.most_common(10) for top in tops]]
            file.write(json.dumps(row) + "\n")


def grouped(pattern, kept):
    groups = {}
    for path in sorted(glob.glob(pattern)):
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                alert = json.loads(line)
                key = (alert["rule"], alert.get("hostname"))
                time, fields = alert["time"], alert["output_fields"]
                group = groups.get(key)
                if group is None:
                    group = groups[key] = [0, time, time, Counter(), [Counter() for _ in NAMES], []]
                group[0] += 1
                group[1] = min(group[1], time)
                group[2] = max(group[2], time)
                group[3][time[11:13]] += 1
                for counter, name in zip(group[4], NAMES):
                    counter[fields.get(name)] += 1
                if len(group[5]) < kept:
                    group[5].append(alert)
    return groups


def main():
    peer, *rest = sys.argv[1:]
    if peer == "have":
        sys.exit(importlib.util.find_spec(rest[0]) is None)
    pattern, out, threads = rest
    if peer == "duckdb-auto":
        return duckdb(pattern, out, threads, auto=True)
    peers = {"duckdb": duckdb, "polars": polars, "chdb": chdb, "python": python, "pages": pages}
    return peers[peer](pattern, out, threads)


main()
