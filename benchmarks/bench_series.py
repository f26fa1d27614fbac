"""Measures the series of 12,000 made-up models: bounds, draws, sums and the rows of the tables.

    python benchmarks/bench_series.py [--models 12000] [--months 30]

The models are those of synthetic.py, counted once a month. Reading and loading the observations is
not part of the budget.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from datetime import date
from pathlib import Path

from synthetic import make_input

from census.database.loading import create_database
from census.database.steps import load_observed
from census.history.observed import clean_history
from census.rollups.stage import make_series

BUDGET_S = 20.0
BUDGET_GB = 1.0


def processor_s() -> float:
    """Return the processor time of this process, in seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_gb() -> float:
    """Return the most memory that this process has had, in gigabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main() -> None:
    """Print processor time and memory beside the budgets."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--models", type=int, default=12_000)
    parser.add_argument("--months", type=int, default=30)
    options = parser.parse_args()
    inputs = make_input(options.models, 30 * options.months)
    monthly = set(inputs.observed.files[::-30])
    inputs = inputs._replace(observed=inputs.observed.of_files(monthly.__contains__))
    with tempfile.TemporaryDirectory() as folder:
        db = create_database(Path(folder) / "synthetic.db")
        observed = load_observed(db, inputs, lambda _name: None)
        history = clean_history(observed.observed, observed.unusable_days, observed.created)
        before, memory = processor_s(), peak_gb()
        estimates = make_series(
            db.conn, history, inputs.window_lengths, observed.members, frozenset()
        )
        took = processor_s() - before
        rows = sum(db.table(name).count for name in ("series_points", "series_days"))
        through = date.fromisoformat(next(iter(db.query("select through from scopes")))["through"])
        db.conn.close()
    models = len(estimates.downloads.models)
    print(f"series of {models:,} models to {through}: {rows:,} rows")
    print(
        f"{took:9.1f} s of processor time (budget {BUDGET_S:g}), {1000 * took / models:.2f} ms each"
    )
    print(f"{peak_gb():9.2f} GB of memory (budget {BUDGET_GB:g}); {memory:.2f} before")


if __name__ == "__main__":
    main()
