"""Every fault of the hand-edited data is found, and told with file, row and reason."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from small_data import DAY, ROOT

from census.base.csv_files import DataError, Problem
from census.database.reading import read_input
from census.inputs.registry import Registry, load_registry

Rows = list[dict[str, str]]
# A day before the one that the small data have.
EARLIER = DAY.replace("05-23", "05-22")


def change(path: Path, edit: Callable[[Rows], object]) -> None:
    """Rewrite a CSV file after `edit` changed its rows in place."""
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
        columns = reader.fieldnames or []
    edit(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def few_data(few_data: Path) -> Path:
    """Few models, one day of observations and no vintages, but the whole ledger."""
    shutil.rmtree(few_data / "vintages")
    shutil.copy(ROOT / "data/quality_ledger.csv", few_data)
    return few_data


def problems_of(data: Path) -> list[Problem]:
    with pytest.raises(DataError) as raised:
        read_input(data)
    return raised.value.problems


def sourced(rows: Rows) -> dict[str, str]:
    return next(row for row in rows if row["confidence"] == "high")


def unverified(rows: Rows) -> dict[str, str]:
    return next(row for row in rows if row["confidence"] == "unverified")


def computed(rows: Rows) -> dict[str, str]:
    return next(row for row in rows if row["measure"] != "none")


def uncomputed(rows: Rows) -> dict[str, str]:
    return next(row for row in rows if row["measure"] == "none")


FAULTS: list[tuple[str, Callable[[Rows], object], str]] = [
    ("countries.csv", lambda r: r[0].update(code="usa"), "is not two capital letters"),
    ("countries.csv", lambda r: r[0].update(region="EU"), "region 'EU' is not one of"),
    ("labs.csv", lambda r: r.append(dict(r[0])), "duplicate of line 2"),
    ("labs.csv", lambda r: r[0].update(kind="startup"), "kind 'startup' is not one of"),
    ("labs.csv", lambda r: r[0].update(in_house="yes", parent=""), "without a parent"),
    ("namespaces.csv", lambda r: r.append(dict(r[0])), "duplicate of line 2"),
    ("namespaces.csv", lambda r: r[0].update(lab="nobody"), "lab 'nobody' is not in labs.csv"),
    ("namespaces.csv", lambda r: r[0].update(renamed_to="gone"), "renamed_to 'gone' is not in"),
    (
        "namespaces.csv",
        lambda r: r.append({**r[-1], "namespace": r[-1]["namespace"].swapcase()}),
        "in another case",
    ),
    ("model_aliases.csv", lambda r: r[0].update(alias=r[0]["model_id"].upper()), "needs no row"),
    (
        "model_aliases.csv",
        lambda r: r.append({**r[0], "alias": r[0]["alias"].upper()}),
        "duplicate",
    ),
    (
        "model_aliases.csv",
        lambda r: r[0].update(model_id=r[1]["alias"].upper()),
        "is itself an alias",
    ),
    (
        "models.csv",
        lambda r: r.insert(0, {**r[0], "model_id": r[0]["model_id"].upper()}),
        "duplicate of line 2",
    ),
    (
        "parameters.csv",
        lambda r: r.append({**r[0], "model_id": r[0]["model_id"].upper()}),
        "duplicate of line 2",
    ),
    ("origin_claims.csv", lambda r: r[0].update(country="QQ"), "country 'QQ' is not in"),
    ("origin_claims.csv", lambda r: r[0].update(basis="vibes"), "basis 'vibes' is not one of"),
    ("origin_claims.csv", lambda r: r[0].update(stands_on="rumour"), "stands_on 'rumour' is not"),
    (
        "origin_claims.csv",
        lambda r: sourced(r).update(stands_on="governing_law"),
        "governing law is not evidence of origin",
    ),
    ("origin_claims.csv", lambda r: r[0].update(lab="nobody"), "lab 'nobody' is not in labs.csv"),
    ("origin_claims.csv", lambda r: sourced(r).update(source_url=""), "has no source_url"),
    ("origin_claims.csv", lambda r: sourced(r).update(says=""), "the claim has no says"),
    ("origin_claims.csv", lambda r: sourced(r).update(source_url="a book"), "is not an address"),
    ("origin_claims.csv", lambda r: sourced(r).update(source_date="2026-02-30"), "source_date"),
    ("origin_claims.csv", lambda r: sourced(r).update(valid_from="soon"), "valid_from: 'soon'"),
    (
        "origin_claims.csv",
        lambda r: sourced(r).update(country="XX", evidence="secondary"),
        "needs the lab's own words",
    ),
    ("origin_claims.csv", lambda r: unverified(r).update(says="so"), "nothing was read"),
    ("origin_claims.csv", lambda r: unverified(r).update(evidence="primary"), "evidence `none`"),
    ("families.csv", lambda r: r[0].update(pattern="("), "is broken"),
    ("base_models.csv", lambda r: r[0].update(pattern="("), "is broken"),
    (
        "model_licences.csv",
        lambda r: r[0].update(licence="Apache 2"),
        "is not a licence as",
    ),
    ("model_licences.csv", lambda r: r[0].update(source_url=""), "source_url"),
    ("model_licences.csv", lambda r: r[0].update(model_id="who/A"), "is not registered"),
    ("model_licences.csv", lambda r: r.append({**r[0]}), "duplicate of"),
    ("base_models.csv", lambda r: r[0].update(base_model="a/b", base_lab="meta"), "states both of"),
    ("base_models.csv", lambda r: r[0].update(base_model="", base_lab="who"), "is not in labs.csv"),
    ("families.csv", lambda r: r[0].update(lab="nobody"), "lab 'nobody' is not in labs.csv"),
    ("sources.csv", lambda r: r[0].update(licence=""), "licence is empty"),
    ("sources.csv", lambda r: r[0].update(preference="-1"), "preference: -1 is negative"),
    ("sources.csv", lambda r: r[0].update(channel=""), "channel is empty"),
    (
        "sources.csv",
        lambda r: r[0].update(channel="docker"),
        "channel 'docker' is not in channels/channels.csv",
    ),
    ("release_dates.csv", lambda r: r[0].update(released_on="2026-13-01"), "released_on"),
    ("models.csv", lambda r: r[0].update(model_id="no slash"), "is not a model name"),
    ("models.csv", lambda r: r[0].update(created_at="2026-02-30"), "created_at"),
    ("models.csv", lambda r: r[0].update(parameters="7B"), "is not a number of parameters"),
    ("models.csv", lambda r: r[0].update(base_models="finetune:nothing"), "is not a model name"),
    ("models.csv", lambda r: r.reverse(), "rows are not sorted by model_id"),
    ("models.csv", lambda r: r.clear(), "is not in models.csv"),
    ("published_figures.csv", lambda r: r[0].update(value="many"), "value 'many' is not a number"),
    # What Python would read as a number.
    ("published_figures.csv", lambda r: r[0].update(value="nan"), "value 'nan' is not a number"),
    (
        "published_figures.csv",
        lambda r: r[0].update(value="1_000"),
        "value '1_000' is not a number",
    ),
    (
        "parameters.csv",
        lambda r: r[0].update(parameters="\u0667\u0660"),
        "is not a number of param",
    ),
    ("scoreboard.csv", lambda r: computed(r).update(tolerance="inf"), "'inf' is not a number"),
    ("scoreboard.csv", lambda r: uncomputed(r).update(tolerance="5"), "and yet has tolerance"),
    ("changelog.csv", lambda r: r[-1].update(share_after="\u0665"), "is not a percentage"),
    ("published_figures.csv", lambda r: r[0].update(source_url=""), "source_url is empty"),
    ("press_claims.csv", lambda r: r[0].update(published="2026"), "published"),
    ("quality_ledger.csv", lambda r: r[0].update(kind="odd"), "kind 'odd' is not one of"),
    ("quality_ledger.csv", lambda r: r[0].update(to="2000-01-01"), "before it begins"),
    ("observations/manifest.csv", lambda r: r[0].update(sha256="0" * 64), "altered"),
    (
        "observations/manifest.csv",
        lambda r: r[0].update(retrieved_at="today"),
        "not a possible date",
    ),
    ("models.csv", lambda r: r[0].update(gated="True"), "gated 'True' is not one of"),
    ("models.csv", lambda r: r[0].update(seen_on=""), "seen_on is empty"),
]


@pytest.mark.parametrize(("file", "edit", "said"), FAULTS)
def test_a_fault_is_told_with_file_and_reason(
    few_data: Path, file: str, edit: Callable[[Rows], object], said: str
) -> None:
    change(few_data / file, edit)
    problems = problems_of(few_data)
    assert any(said in problem.reason for problem in problems), problems[:5]
    assert any(Path(problem.file).is_relative_to(few_data) for problem in problems)


def test_a_manifest_out_of_order_is_a_fault(few_data: Path) -> None:
    manifest = few_data / "observations/manifest.csv"
    shutil.copy(few_data / "observations" / DAY, few_data / "observations" / EARLIER)
    change(manifest, lambda rows: rows.append({**rows[0], "path": EARLIER}))
    assert [one.reason for one in problems_of(few_data)] == ["rows are not sorted by path"]


def test_a_file_as_spreadsheets_save_it_is_read_rightly(few_data: Path) -> None:
    path = few_data / "labs.csv"
    text = path.read_text(encoding="utf-8")
    labs = load_registry(few_data, []).labs
    first = text.splitlines()[1]
    # A BOM, lines of commas alone, and a line separator that is not an end of a line in CSV.
    text = text.replace(first, f"{first}made of two\u2028lines", 1) + "\n,,,,,,,\n"
    path.write_text(text.replace("\n", "\r\n"), encoding="utf-8-sig", newline="")
    problems: list[Problem] = []
    read = load_registry(few_data, problems).labs
    assert problems == []
    assert read.keys() == labs.keys()
    changed = [lab for lab in labs if read[lab] != labs[lab]]
    assert len(changed) == 1
    assert read[changed[0]].note.endswith("made of two\u2028lines")


def test_all_faults_are_listed_at_once(few_data: Path) -> None:
    change(few_data / "labs.csv", lambda rows: rows[0].update(kind="startup"))
    change(few_data / "sources.csv", lambda rows: rows[0].update(licence=""))
    change(few_data / "origin_claims.csv", lambda rows: rows[2].update(country="QQ"))
    problems = problems_of(few_data)
    assert [Path(problem.file).name for problem in problems] == [
        "labs.csv",
        "origin_claims.csv",
        "sources.csv",
    ]
    assert [problem.line for problem in problems] == [2, 4, 2]


def test_the_repositorys_registry_is_sound(data: Path) -> None:
    """The rest is read for the tests' database, which there is none of with a fault."""
    problems: list[Problem] = []
    load_registry(data, problems)
    assert problems == []


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(Path(__file__).parent.parent / "data", [])


@pytest.mark.parametrize(
    ("former", "present"),
    [
        ("THUDM/chatglm-6b", "zai-org/chatglm-6b"),
        ("CohereForAI/aya-101", "CohereLabs/aya-101"),
        ("AIDC-AI/Ovis2-8B", "ATH-MaaS/Ovis2-8B"),
        ("Qwen/Qwen3-8B", "Qwen/Qwen3-8B"),
        # The Hub does not tell names apart by case.
        ("thudm/chatglm-6b", "zai-org/chatglm-6b"),
        ("qwen/Qwen3-8B", "Qwen/Qwen3-8B"),
        ("huggingfaceh4/ZEPHYR-7b-beta", "HuggingFaceH4/ZEPHYR-7b-beta"),
    ],
)
def test_a_model_of_a_renamed_namespace_is_the_present_one(
    registry: Registry, former: str, present: str
) -> None:
    assert registry.present_name(former) == present
    assert registry.lab_of(former) == registry.lab_of(present)


@pytest.mark.parametrize(
    ("namespaces", "lab"),
    [
        (["meta-llama", "facebook", "FacebookAI"], "Meta"),
        (["zai-org", "THUDM"], "Z.ai"),
        (["PaddlePaddle", "baidu"], "Baidu"),
    ],
)
def test_a_lab_owns_all_its_namespaces(registry: Registry, namespaces: list[str], lab: str) -> None:
    labs = {registry.lab_of(f"{namespace}/any") for namespace in namespaces}
    assert len(labs) == 1
    assert lab in str(labs)
