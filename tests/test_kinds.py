"""Other kinds of models: the most downloaded, and whose they are."""

from __future__ import annotations

import re
import sqlite3

import pytest
from site_client import Client

KINDS = ("embedding", "image", "speech", "video", "vision", "other", "unknown")
MODALITY = {"language": "text"}


@pytest.mark.parametrize("task", [*KINDS, "language", "vision-language", "any-to-any"])
def test_the_most_downloaded_of_a_kind_are_of_it(
    site: Client, census: sqlite3.Connection, task: str
) -> None:
    rows = site.rows(f"/census/top_models?task={task}&limit=3000")
    assert rows
    for row in rows:
        (modality,) = census.execute(
            "select coalesce(modality, 'unknown') from models where name = ?", [row["model"]]
        ).fetchone()
        assert modality == MODALITY.get(task, task)


@pytest.mark.parametrize("task", KINDS)
def test_a_kind_beyond_the_default_scope_counts_all_models_of_labs(site: Client, task: str) -> None:
    rows = site.rows(f"/census/top_models?task={task}")
    assert rows == site.rows(f"/census/top_models?task={task}&scope=labs")
    page = site.get(f"/census/top_models?task={task}").text
    assert "Counted: All models of labs" in page
    refused = site.get(f"/census/top_models.json?task={task}&scope=frontier")
    assert refused.status_code == 400
    assert "default scope does not count" in refused.text


def test_a_form_left_at_its_defaults_takes_the_scope_of_the_kind(site: Client) -> None:
    sent = site.get("/census/top_models?_form=&task=image&scope=frontier&measure=all-time&on=")
    assert sent.status_code == 302
    assert site.get(sent.headers["location"]).status_code == 200
    assert "task=image" in sent.headers["location"]


@pytest.mark.parametrize("dimension", ["country", "lab", "family"])
@pytest.mark.parametrize("task", ["embedding", "speech"])
def test_shares_of_a_kind_are_sums_of_the_counts_of_its_models(
    site: Client, census: sqlite3.Connection, task: str, dimension: str
) -> None:
    rows = site.rows(f"/census/share_of_kind?task={task}&dimension={dimension}&limit=5000")
    assert sum(row["share_pct"] for row in rows) == pytest.approx(100, abs=0.01)
    day = rows[0]["counted_on"]
    counted = census.execute(
        "select count(*), sum(r.downloads_30d) from recent_counts as r"
        " inner join models as m on r.model = m.id"
        " where r.counted_on = ? and m.modality = ? and m.in_labs = 1",
        [day, task],
    ).fetchone()
    assert (sum(row["models"] for row in rows), sum(row["downloads"] for row in rows)) == counted
    assert all(row["models"] <= row["known_models"] for row in rows)


def test_the_page_says_how_many_have_counts(site: Client, census: sqlite3.Connection) -> None:
    known, counted = census.execute(
        "select count(*), sum(latest_all_time is not null) from models"
        " where modality = 'image' and in_labs = 1"
    ).fetchone()
    page = site.get("/census/top_models?task=image").text
    assert re.search(rf"Of {known:,} models of this kind .* {counted:,} have an all-time", page)
    assert "models of this kind" in site.get("/census/share_of_kind?task=image").text
    assert "models of this kind" not in site.get("/census/top_models").text
