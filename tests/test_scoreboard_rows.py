"""Faults of data/scoreboard.csv are told with file, line and reason."""

from __future__ import annotations

from pathlib import Path

from census.base.csv_files import Problem
from census.findings.scoreboard_rows import COLUMNS, read_scoreboard


def test_faults_name_file_line_and_reason(tmp_path: Path) -> None:
    lines = [
        "known,cumulative,country,CN,,,,,frontier,,2026-03,0,percent,Because.",
        "other,cumulative,country,CN,,,,,frontier,,2026-03,5,percent,Because.",
        "known,guess,planet,CN,,,,,all,,2026,-1,furlongs,",
        "a,none,country,,,,,,,,2026-03,,units,Because.",
        "b,windowed,lab,red,,blue,,,frontier,2026-01,2026-03,5,percent,Because.",
        "c,windowed,lab,red,,,,,frontier,,2026-03,5,percent,Because.",
        "d,share,lab,red,,,,,frontier,2026-01,2026-03,5,percent,Because.",
        "e,share,names,Red/*,,,,,frontier,,2026-03,5,percent,Because.",
        "f,relative_adoption,model,Red/One-8B,,,,,frontier,,2026-03,5,percent,Because.",
        "g,share,lab,red,,>70B,,,frontier,,2026-03,5,percent,Because.",
        "h,downloads_30d,lab,red,,,,2026-02-30,frontier,,2026-03,5,percent,Because.",
        "i,windowed,country,CN,,sized,,,frontier,2026-01,2026-03,5,percent,Because.",
    ]
    (tmp_path / "scoreboard.csv").write_text("\n".join([",".join(COLUMNS), *lines]) + "\n")
    problems: list[Problem] = []
    read_scoreboard(tmp_path, {"known", "forgotten", *"abcdefghi"}, problems)
    reasons = [(problem.line, problem.reason) for problem in problems]
    assert min(line for line, _ in reasons if line) == 3
    assert (3, "figure 'other' is not in published_figures.csv") in reasons
    faults = (
        "duplicate",
        "reason is empty",
        "measure 'guess'",
        "dimension 'planet'",
        "scope 'all'",
        "tolerance_unit 'furlongs'",
        "-1 is negative",
    )
    for words in faults:
        assert any(line == 4 and words in reason for line, reason in reasons), words
    assert reasons[-1] == (0, "figure 'forgotten' of published_figures.csv has no row")
    for line, words in (
        (5, "not computed, and yet has dimension, month, tolerance_unit"),
        (6, "part 'blue' is not sized or of the form >70B"),
        (7, "since '' is not YYYY-MM"),
        (8, "since is only for windowed and windowed_share"),
        (9, "names are only for cumulative and windowed"),
        (10, "number is empty; relative_adoption needs it"),
        (11, "part is not for share"),
        (12, "not a possible date"),
        (13, "part 'sized' is only for a lab"),
    ):
        assert [reason for found, reason in reasons if found == line] == [
            next(reason for _, reason in reasons if words in reason)
        ], words
