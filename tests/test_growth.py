"""The made-up days of the growth benchmark: labelled, sound, going on from what is bundled."""

from __future__ import annotations

import shutil
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

from bench_growth import LABEL, choose_models, newest_counts, write_data  # noqa: E402

from census.base.csv_files import Problem  # noqa: E402
from census.store.observations import FOLDER, read_manifest, read_observations  # noqa: E402


def test_made_up_days_are_labelled_and_go_on_from_the_bundled_counts(tmp_path: Path) -> None:
    shutil.copy(ROOT / "data/models.csv", tmp_path)
    shutil.copytree(ROOT / "data" / FOLDER, tmp_path / FOLDER)
    problems: list[Problem] = []
    bundled = read_manifest(tmp_path, problems)
    before = newest_counts(tmp_path)

    write_data(tmp_path, 40, choose_models(tmp_path, 50))

    made_up = [file for file in read_manifest(tmp_path, problems) if file.date_basis == LABEL]
    assert len(made_up) == 40
    assert min(file.day for file in made_up) > max(file.day for file in bundled)
    totals: dict[str, list[int]] = defaultdict(list)
    for file in made_up:
        for seen in read_observations(tmp_path, file, problems):
            assert seen.downloads_all_time is not None
            totals[seen.model_id].append(seen.downloads_all_time)
    assert problems == []
    assert len(totals) == 50
    for model, counts in totals.items():
        assert counts == sorted(counts)
        assert counts[0] > before[model].all_time
