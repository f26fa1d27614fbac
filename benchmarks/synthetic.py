"""A synthetic census of the size that the budgets are about: 10,000 models, three years of days.

Every name and count in it is made up by arithmetic, none is an observation; the database says so in
its build_info and in the name of its source. Registry and rules are those of data/, and the tables
are filled by the build's own functions, only the observations do not come from files.

    python benchmarks/synthetic.py OUT.db [--models 10000] [--days 1075]
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from census.base.csv_files import Row
from census.database.building import Building
from census.database.loading import create_database
from census.database.reading import Input, read_input
from census.database.steps import fill_database
from census.inputs.models import ModelMetadata
from census.inputs.registry import Registry
from census.store.freshness import FreshnessInput
from census.store.observation_columns import ObservationColumns
from census.store.observations import ObservationFile

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
LABEL = "SYNTHETIC: made up by benchmarks/synthetic.py, not observations"
SOURCE = "hub"
LAST_DAY = date(2026, 11, 23)
FIRST_RELEASE = date(2022, 12, 1)
LICENCES = ("apache-2.0", "mit", "llama3", "gemma", "cc-by-nc-4.0", "other", "")
TAGS = ("text-generation",) * 7 + ("image-text-to-text", "any-to-any", "feature-extraction")
SIZES = (500, 1_500, 3_000, 7_000, 8_000, 14_000, 32_000, 70_000, 120_000, 400_000)
# On these days the counters of every model fall back, as they did on the Hub, and recover later.
ROLLED_BACK = range(540, 545)


class SyntheticModel(NamedTuple):
    """A made-up model and how many downloads it has in a day."""

    metadata: ModelMetadata
    created: date
    daily: int


def counted(model: SyntheticModel, age: int) -> int:
    """Return all downloads of a model at an age in days: quick at first, then steady."""
    return model.daily * age + model.daily * 20 * age // (age + 30)


def make_models(registry: Registry, number: int, seed: random.Random) -> list[SyntheticModel]:
    """Return made-up models of the registered namespaces, oldest ones as bases of others."""
    namespaces = [name for name, row in registry.namespaces.items() if not row["renamed_to"]]
    span = (LAST_DAY - FIRST_RELEASE).days - 60
    models: list[SyntheticModel] = []
    for place in range(number):
        namespace = namespaces[place % len(namespaces)]
        size = seed.choice(SIZES)
        name = f"{namespace}/{namespace.split('-')[0]}-Synthetic-{place}-{size}M"
        created = FIRST_RELEASE + timedelta(days=seed.randrange(span))
        older = [seed.choice(models) for _ in range(3)] if models else []
        base = next((model for model in older if model.created < created), None)
        metadata = ModelMetadata(
            **{
                **dict.fromkeys(ModelMetadata.__dataclass_fields__, ""),
                "model_id": name,
                "created_at": created.isoformat(),
                "pipeline_tag": seed.choice(TAGS),
                "library_name": "transformers",
                "license": seed.choice(LICENCES),
                "gated": seed.choice(("false", "manual", "auto")),
                "parameters": size * 10**6,
                "base_models": f"finetune:{base.metadata.model_id}"
                if base and place % 3 == 0
                else "",
                "status": "listed",
                "source": SOURCE,
                "seen_on": LAST_DAY.isoformat(),
            }
        )
        daily = int(seed.lognormvariate(4, 2)) + 1
        models.append(SyntheticModel(metadata, created, daily))
    return sorted(models, key=lambda model: model.metadata.model_id)


def make_observations(models: Sequence[SyntheticModel], days: int) -> ObservationColumns:
    """Return made-up observations of each day up to `LAST_DAY`, all retrieved on the last one."""
    files: list[ObservationFile] = []
    parts = [np.zeros((0, 5), dtype=np.int64)]
    for number in range(days):
        day = LAST_DAY - timedelta(days=days - 1 - number)
        rows = np.array(list(_day(models, day, number)), dtype=np.int64).reshape(-1, 4)
        parts.append(np.insert(rows, 0, number, axis=1))
        path = f"{SOURCE}/{day:%Y}/{day.isoformat()}.csv"
        retrieved = LAST_DAY.isoformat()
        files.append(ObservationFile(path, len(rows), "synthetic", LABEL, "", "", retrieved))
    names = tuple(model.metadata.model_id for model in models)
    return ObservationColumns(tuple(files), names, *np.concatenate(parts).T)


def _day(
    models: Sequence[SyntheticModel], day: date, number: int
) -> Iterator[tuple[int, int, int, int]]:
    """Yield each model's place, its counts of 30 days and of all time, and its likes."""
    behind = 40 if number in ROLLED_BACK else 0
    for place, model in enumerate(models):
        age = (day - model.created).days
        if age > 0:
            total = counted(model, max(age - behind, 1))
            window = total - counted(model, max(age - 30, 0))
            yield place, max(window, 0), total, age // 3


def make_input(models_wanted: int, days: int) -> Input:
    """Return what a build reads, with made-up models and observations; raises DataError."""
    real = read_input(DATA)
    models = make_models(real.registry, models_wanted, random.Random(20261123))
    peers = [
        Row({**row, "model_id": model.metadata.model_id}, row.file, row.line)
        for row, model in zip(
            real.facts.peers, models[:: max(len(models) // 1_700, 1)], strict=False
        )
    ]
    return real._replace(
        models=[model.metadata for model in models],
        observed=make_observations(models, days),
        ledger=[],
        facts=real.facts._replace(peers=peers),
        # The names of other channels are those of real models, of which there are none here.
        channels=real.channels._replace(files=[]),
        freshness=FreshnessInput([], []),
    )


def make_database(target: Path, models: int, days: int) -> None:
    """Write a synthetic database; an existing file is replaced."""
    target.unlink(missing_ok=True)
    inputs = make_input(models, days)
    start = time.perf_counter()

    def step(name: str) -> None:
        print(f"{time.perf_counter() - start:7.1f} s  {name}", flush=True)

    db = create_database(target)
    fill_database(Building(db, inputs), step)
    db.table("build_info").insert({"key": "synthetic", "value": LABEL})
    db.execute("update sources set name = ? || ' (' || name || ')'", [LABEL])
    db.conn.commit()
    db.conn.close()
    step("done")


def main() -> None:
    """Read the arguments and write the database."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target", type=Path)
    parser.add_argument("--models", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=1_075)
    options = parser.parse_args()
    make_database(options.target, options.models, options.days)


if __name__ == "__main__":
    main()
