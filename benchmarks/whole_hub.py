"""Rows a second of `whole-hub` on made-up files of the whole Hub, beside the limit: a scan alone.

    python benchmarks/whole_hub.py [MODELS [DAYS]]

MODELS (3,000,000) are the rows of one day with the columns that the archive of the whole Hub has;
DAYS (33) of as many models make the daily series, a hundred million rows. Both are written to a
temporary folder first, and then asked at a third, two thirds and the whole of their rows, so that
it is seen whether the time grows as the rows do. On a machine that does other work as well, look at
the seconds of processors.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from census.collect.whole_hub import engine, whole_hub

ROOT = Path(__file__).parent.parent
DAY = date(2026, 11, 25)
PARTS = 3
# The registered namespaces come first; downloads fall with the rank, as they do on the Hub.
RANKED = """
    select
        r as rank,
        case
            when r % 40 = 0 then n.namespace
            else 'user-' || (hash(r) % {publishers})::varchar
        end || '/model-' || r::varchar as id,
        (3e8 / (r + 10))::bigint as dl
    from range({first}, {last}) as t (r)
    left join names as n on n.place = (r // 40) % (select count(*) from names)
"""
DAY_ROWS = """
    select
        lpad(rank::varchar, 24, '0') as _id,
        id,
        split_part(id, '/', 1) as author,
        timestamp '2022-03-02 23:29:04' + to_hours((rank % 41000)::integer) as "createdAt",
        timestamp '2026-11-01 00:00:00' - to_hours((rank % 20000)::integer) as "lastModified",
        dl as downloads,
        dl * 7 as "downloadsAllTime",
        (dl // 900) as likes,
        0.0 as "trendingScore",
        ['transformers', 'safetensors', 'text-generation', 'license:apache-2.0', 'region:us',
            'base_model:org-' || (rank % 900)::varchar || '/base', 'arxiv:' || rank::varchar]
            as tags,
        case rank % 3 when 0 then 'text-generation' when 1 then 'image-text-to-text' end
            as pipeline_tag,
        'transformers' as library_name,
        '{{"license": "apache-2.0", "note": "' || {note} || '"}}' as "cardData",
        case when rank % 3 > 0 then {{
            'parameters': {{'BF16': (hash(rank) % 400000000000)::bigint}},
            'total': (hash(rank) % 400000000000)::bigint
        }} end as safetensors,
        null::varchar as gguf,
        null::varchar as "baseModels"
    from ({ranked})
"""
# Text that does not compress, as of cards: it is what most of the real file consists of.
NOTE = " || ".join(f"md5(rank::varchar || '{number}')" for number in range(28))
SERIES_ROWS = """
    select
        id,
        date '2026-11-25' - {back} as day,
        dl // 30 as dl30,
        greatest(dl * 7 - {back} * (dl // 30), 0) as dl_all,
        (dl // 900) as likes
    from ({ranked})
"""


def write(select: str, target: Path) -> None:
    """Write rows as a Parquet file."""
    with engine() as duck:
        names = ROOT / "data" / "namespaces.csv"
        duck.execute(
            "create temp table names as select namespace, (row_number() over () - 1) as place"  # noqa: S608
            f" from read_csv('{names}', all_varchar = true)"
        )
        duck.execute(f"copy ({select}) to '{target}' (format parquet, compression zstd)")


def make_files(folder: Path, models: int, days: int) -> tuple[list[Path], list[Path]]:
    """Write the day in thirds and each day of the series; return both lists of files."""
    publishers = max(models // 3, 1)
    day_files, series_files = [], []
    for part in range(PARTS):
        ends = {"first": models * part // PARTS, "last": models * (part + 1) // PARTS}
        ranked = RANKED.format(publishers=publishers, **ends)
        day_files.append(folder / f"models-{part}.parquet")
        write(DAY_ROWS.format(ranked=ranked, note=NOTE), day_files[-1])
    ranked = RANKED.format(publishers=publishers, first=0, last=models)
    for back in range(days):
        series_files.append(folder / f"series-{back:03}.parquet")
        write(SERIES_ROWS.format(ranked=ranked, back=back), series_files[-1])
    return day_files, series_files


def scan(files: list[Path], columns: str) -> int:
    """Read the same columns alone; return the rows of files."""
    file_list = ", ".join(f"'{path}'" for path in files)
    with engine() as duck:
        read = f"select count(*), {columns} from read_parquet([{file_list}])"  # noqa: S608
        rows = duck.execute(read).fetchall()[0][0]
    return int(rows)


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds and the seconds of processors that something takes."""
    start, used = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - start, time.process_time() - used


def measure(name: str, files: list[Path], columns: str, day: date | None) -> None:
    """Print rows a second at a third, two thirds and all of the files, beside the scan alone."""
    for part in range(1, PARTS + 1):
        of_part = files[: max(len(files) * part // PARTS, 1)]
        rows = scan(of_part, "0")
        scan_seconds, alone_used = timed(lambda files_given=of_part: scan(files_given, columns))
        total_seconds, used = timed(
            lambda files_given=of_part: whole_hub(ROOT / "data", files_given, day)
        )
        size = sum(path.stat().st_size for path in of_part) / 1e9
        print(
            f"{name:<8} {rows:>12,} rows {size:5.2f} GB {total_seconds:7.2f} s (processors"
            f" {used:7.2f} s) {rows / total_seconds:>11,.0f} rows/s   a scan alone"
            f" {scan_seconds:6.2f} s ({alone_used:6.2f} s) {rows / scan_seconds:>11,.0f} rows/s",
            flush=True,
        )


def main() -> None:
    """Make the files and print what was measured."""
    models = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000_000
    days = int(sys.argv[2]) if len(sys.argv) > 2 else 33
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        day_files, series_files = make_files(Path(folder), models, days)
        print(f"made in {time.perf_counter() - start:.0f} s")
        columns = 'max(id), sum(downloads), sum("downloadsAllTime"), sum(safetensors.total)'
        measure("one day", day_files, columns, DAY)
        measure("series", series_files, "max(id), max(day), sum(dl30), sum(dl_all)", None)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"most memory of the process: {peak:.2f} GB")


if __name__ == "__main__":
    main()
