"""The made-up days of the growth benchmark: labelled, sound, going on from what is bundled."""

from __future__ import annotations

import shutil
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

from bench_growth import BEGINS_WITH, LABEL, choose_models, write_data  # noqa: E402

from census.base.csv_files import Problem  # noqa: E402
from census.store.observations import FOLDER, MANIFEST, read_manifest, read_observations  # noqa: E402


def test_made_up_days_are_labelled_and_go_on_from_the_bundled_counts(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    for name in ("models.csv", MANIFEST):
        shutil.copy(ROOT / "data" / name, tmp_path / name)
    shutil.copytree(ROOT / "data" / FOLDER / BEGINS_WITH, tmp_path / FOLDER / BEGINS_WITH)
    problems: list[Problem] = []
    bundled = read_manifest(tmp_path, problems)
    snapshot = next(file for file in bundled if file.source == BEGINS_WITH)
    before = {seen.model_id: seen for seen in read_observations(tmp_path, snapshot, problems)}

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
        assert counts[0] > (before[model].downloads_all_time or 0)
