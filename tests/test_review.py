"""The weekly review: new models with their verdicts, publishers nobody registered, models gone."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hub_data import MONDAY, TUESDAY, fill, make_data, noon, run, settings, write_csv
from hub_faults import body, error
from hub_server import HubServer

from census.base import file_changes
from census.base.csv_files import DataError
from census.cli.hub import review_command
from census.collect.hub_transport import HubError
from census.collect.review import ROWS, hub_days, review, section
from census.inputs.families import FAMILIES_FILE
from census.inputs.lineage import BASES_FILE
from census.inputs.model_licences import MODEL_LICENCES_FILE
from census.inputs.sizes import PARAMETERS_FILE, RELEASES_FILE
from census.store.observations import DayOfObservations, Observation, add_days

RULES = ("scope_rules.csv", "pipeline_tags.csv", "modalities.csv", "size_buckets.csv")
NEXT_MONDAY = MONDAY + timedelta(days=7)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with the project's own rules of scope."""
    data = make_data(tmp_path)
    for name in RULES:
        shutil.copy(Path(__file__).parents[1] / "data" / name, data / name)
    write_csv(data / "families.csv", FAMILIES_FILE.columns, [])
    write_csv(data / "base_models.csv", BASES_FILE.columns, [])
    write_csv(data / "release_dates.csv", RELEASES_FILE.columns, [])
    write_csv(data / "parameters.csv", PARAMETERS_FILE.columns, [])
    write_csv(data / "model_licences.csv", MODEL_LICENCES_FILE.columns, [])
    return data


def report(data: Path, hub: HubServer, last: date | None = None, **options: int) -> str:
    """Return the report of a run that never waits."""
    numbers = {"threshold": 1000, "top": 50, **options}
    return review(data, settings(hub), last, numbers["threshold"], numbers["top"], noon(MONDAY))


def part(text: str, title: str) -> str:
    """Return the section of a report whose heading begins with a title."""
    return next(one for one in text.split("\n## ") if one.startswith(title))


def test_new_models_have_a_verdict_with_its_reason(data: Path):
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        run(data, hub, TUESDAY)
        hub.add_model("Qwen/Qwen9-8B-Instruct", downloads=77)
        hub.add_model("Qwen/Qwen9-8B-Instruct-GGUF", downloads=55)
        hub.add_model("Qwen/Qwen9-Embedding", pipeline_tag="feature-extraction")
        hub.rename("Qwen/model-0000", "Qwen/renamed")
        run(data, hub, NEXT_MONDAY)
        text = report(data, hub)
    assert "# Review of the week to 2026-05-25" in text
    assert "compared with 2026-05-18" in text
    inside = part(text, "New models in scope `frontier`")
    outside = part(text, "New models that the rules leave out")
    assert inside.startswith("New models in scope `frontier` (1)")
    assert "| Qwen/Qwen9-8B-Instruct | Qwen | 77 |" in inside
    rows = [line.split(" | ") for line in outside.splitlines() if line.startswith("| Qwen/")]
    assert [row[0] for row in rows] == ["| Qwen/Qwen9-Embedding", "| Qwen/Qwen9-8B-Instruct-GGUF"]
    assert all(row[3].strip(" |") for row in rows)
    assert "renamed" not in inside + outside


def test_publishers_above_the_threshold_that_nobody_registered_are_listed(data: Path):
    with HubServer(page_size=3) as hub:
        fill(hub, 2)
        hub.add_model("newcomer/big", downloads=900)
        hub.add_model("newcomer/small", downloads=200)
        hub.add_model("minor/one", downloads=999)
        hub.add_model("Qwen/huge", downloads=10**6)
        run(data, hub)
        text = report(data, hub)
        asked = report(data, hub, top=0)
    publishers = part(text, "Unregistered publishers")
    assert "| newcomer | 1100 | 2 | newcomer/big |" in publishers
    assert "minor" not in publishers
    assert "Qwen" not in publishers
    assert "The Hub was not asked." in part(asked, "Unregistered publishers")


def test_models_that_are_gone_are_listed_with_their_status(data: Path):
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        hub.hide("Qwen/model-0001")
        run(data, hub, TUESDAY)
        text = report(data, hub)
    assert "| Qwen/model-0001 | gone | 2026-05-18 |" in part(text, "Models that are no longer")


def test_hostile_names_and_counts_do_not_reach_the_report(data: Path):
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        hub.add_model("<script>/x|y", downloads=10**9)
        assert "script" not in report(data, hub)
        hub.add_model("someone/model", downloads=-5)
        with pytest.raises(HubError, match="someone/model: downloads -5 is not a count"):
            report(data, hub)


@pytest.mark.parametrize(
    ("fault", "said"),
    [(error(500), "500"), (body({"error": 1}), "not a JSON list"), (error(404), "404")],
)
def test_a_hub_that_cannot_be_asked_is_an_error(data: Path, fault: object, said: str):
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        hub.fail("sort=downloads", fault)
        with pytest.raises(HubError, match=said):
            report(data, hub)


def test_without_a_day_of_the_hub_there_is_nothing_to_review(data: Path):
    with HubServer() as hub:
        fill(hub)
        run(data, hub, TUESDAY)
        with pytest.raises(DataError, match="no observations of the Hub itself"):
            report(data, hub, MONDAY)
        first = report(data, hub)
    assert "there is no earlier day" in first
    assert hub_days([], None) is None


def test_long_lists_say_how_much_is_left_out():
    lines = section("Many", "| a |", [f"| {number} |" for number in range(ROWS + 5)])
    assert lines[0] == f"## Many ({ROWS + 5})"
    assert "… and 5 more" in lines
    assert len(lines) == ROWS + 7


def test_the_command_writes_the_report(data: Path, tmp_path: Path):
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        runner = CliRunner(env={"HF_ENDPOINT": hub.url})
        out = tmp_path / "review.md"
        result = runner.invoke(review_command, ["--data", str(data), "--out", str(out)])
        shown = runner.invoke(review_command, ["--data", str(data), "--top", "0"])
    assert result.exit_code == 0, result.output
    assert out.read_text().startswith("# Review of the week to 2026-05-18")
    assert shown.output.startswith("# Review of the week to 2026-05-18")


def add_sizes(data: Path, sizes: list[int]) -> None:
    """Give an archive days with so many models, from Monday on."""
    days = [
        DayOfObservations(
            "modelpulse",
            MONDAY + timedelta(days=number),
            [Observation(f"Qwen/model-{one:04}", None, None, one, None) for one in range(size)],
            *("made", "", "", "2026-06-01"),
        )
        for number, size in enumerate(sizes)
    ]
    file_changes.apply(data, add_days(data, days))


def test_a_source_that_lists_far_fewer_models_is_an_alarm(data: Path):
    title = "Sources that list far fewer models"
    with HubServer() as hub:
        fill(hub)
        run(data, hub, MONDAY + timedelta(days=8))
        add_sizes(data, [100, *[30] * 7])
        partial = report(data, hub, top=0)
        add_sizes(data, [100, *[30] * 8])
        lasting = report(data, hub, top=0)
        before = report(data, hub, MONDAY + timedelta(days=8), top=0)
        run(data, hub, MONDAY + timedelta(days=15))
        later = report(data, hub, top=0)
    assert "| modelpulse | 2026-05-25 | partial: 30 models" in part(partial, title)
    assert (
        "| modelpulse | 2026-05-19 | the source lists about 30 models instead of 100, and has for"
        " 8 snapshots: this is its size from here on |" in part(lasting, title)
    )
    assert before == lasting
    assert "None." in part(later, title)


def test_corrections_of_models_that_nobody_observed_are_listed(data: Path):
    row = {
        "model_id": "Qwen/model-000I",
        "released_on": "2024-09-16",
        "note": "x",
        "source_url": "y",
    }
    write_csv(data / "release_dates.csv", RELEASES_FILE.columns, [row])
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        text = report(data, hub, top=0)
    found = part(text, "Corrections of models that models.csv does not have")
    assert "| Qwen/model-000I | release_dates.csv |" in found
