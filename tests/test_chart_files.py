"""One stem for everything that belongs to a question, and how it is cited."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest
from site_client import Client

from census.pages.chart_files import formats_of
from census.pages.citations import Citation, as_bibtex, as_csl, as_text, citation_key
from census.questions.question_files import read_questions

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = read_questions(ROOT / "canned_queries")
CITED = Citation(
    "Share_of {all} 50% & more", "labs", "2026-05-20", "https://x.example/a?b=1%2F2#c", "ab" * 32
)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_metadata_says_all_of_a_question(site: Client, name: str) -> None:
    answer = site.get(f"/census/{name}.metadata.json")
    assert answer.status_code == 200, answer.text
    said = answer.json()
    question = QUESTIONS[name]
    assert (said["title"], said["unit"], said["sql"]) == (
        question.title, question.unit_words(question.defaults()), question.sql,
    )  # fmt: skip
    assert said["columns"] == dict(question.columns)
    assert [row["name"] for row in said["parameters"]] == [p.name for p in question.parameters]
    assert said["licence"]["name"] == "CC BY 4.0"
    assert all(source["licence"] for source in said["sources"])
    assert said["sources"]
    assert len(said["database_sha256"]) == 64
    assert said["data_through"] in said["citation"]["csl"][0]["version"]
    assert set(formats_of(question)) <= set(said["files"])


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("share_by_country", {}),
        ("share_by_country", {"measure": "monthly", "scope": "labs"}),
        ("models_of_lab", {"lab": "google"}),
        ("series_status", {}),
    ],
)
def test_the_archive_holds_the_very_files(site: Client, name: str, given: dict[str, str]) -> None:
    query = urlencode(given)
    answer = site.get(f"/census/{name}.zip?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    assert packed.testzip() is None
    described = site.get(f"/census/{name}.metadata.json?{query}").json()
    folder = f"{name}-{described['data_through']}"
    members = {path.removeprefix(f"{folder}/") for path in packed.namelist()}
    assert members == {"README.txt", *(f"{name}.{form}" for form in formats_of(QUESTIONS[name]))}
    for form in formats_of(QUESTIONS[name]):
        shape = "&_shape=array" if form == "json" else ""
        alone = site.get(f"/census/{name}.{form}?{query}{shape}")
        assert packed.read(f"{folder}/{name}.{form}") == alone.content, form
    words = packed.read(f"{folder}/README.txt").decode()
    assert described["citation"]["text"] in words
    assert QUESTIONS[name].title in words
    assert site.get(f"/census/{name}.zip?{query}").content == answer.content
    for value in given.values():
        assert value in answer.headers["content-disposition"]


def test_every_address_of_the_metadata_answers(site: Client) -> None:
    files = site.get("/census/share_by_country.metadata.json?scope=labs").json()["files"]
    assert len(files) == 12
    for form, url in files.items():
        path = url.partition("://")[2].partition("/")[2]
        assert site.get(f"/{path}").status_code == 200, form
        assert "scope=labs" in url


@pytest.mark.parametrize("form", ["metadata.json", "zip", "bib", "citation.txt", "csl.json"])
def test_wrong_values_and_names_are_refused(site: Client, form: str) -> None:
    wrong = site.get(f"/census/share_by_country.{form}?scope=everything")
    assert wrong.status_code == 400
    assert "frontier" in wrong.text
    assert site.get(f"/census/no_such_question.{form}").status_code == 404


@pytest.mark.parametrize("path", ["/census/share_by_country", "/open-model-census"])
def test_citations_name_the_day_and_the_database(site: Client, path: str) -> None:
    status = site.rows("/census/series_status")[0]
    digest = site.get("/census/share_by_country.metadata.json").json()["database_sha256"]
    item = site.get(f"{path}.csl.json").json()[0]
    assert item["type"] == "dataset"
    assert item["version"] == status["through"]
    assert digest in item["note"]
    assert digest in site.get(f"{path}.bib").text
    assert digest[:16] in site.get(f"{path}.citation.txt").text
    assert item["URL"].startswith("http")


def test_bibtex_escapes_what_tex_would_run() -> None:
    entry = as_bibtex(CITED)
    assert r"title = {{Share\_of \{all\} 50\% \& more (labs)}}" in entry
    assert r"\url{https://x.example/a?b=1\%2F2\#c}" in entry
    plain = entry.replace(r"\{", "").replace(r"\}", "")
    assert plain.count("{") == plain.count("}")
    assert re.match(r"@misc\{open-model-census-share-of-all-50-more-[0-9a-f]{8}-2026-05-20,", entry)


def test_a_citation_says_where_and_when() -> None:
    assert as_text(CITED) == (
        "Open Model Census: “Share_of {all} 50% & more (labs)”. Data to 20 May 2026."
        " https://x.example/a?b=1%2F2#c. CC BY 4.0. Database SHA-256 abababababababab."
    )
    assert as_csl(CITED)[0]["issued"] == {"date-parts": [[2026, 5, 20]]}
    assert json.loads(json.dumps(as_csl(CITED))) == as_csl(CITED)


def test_the_citation_file_is_valid() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    schema = "vendor.citation-file-format"
    done = subprocess.run(
        [*command, schema, str(ROOT / "CITATION.cff")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def key_of(site: Client, address: str) -> str:
    """Return the key of an address's BibTeX entry, which its CSL-JSON has too."""
    name, _, query = address.partition("?")
    entry = site.get(f"/census/{name}.bib?{query}").text
    (item,) = site.get(f"/census/{name}.csl.json?{query}").json()
    key = entry.removeprefix("@misc{").partition(",")[0]
    assert item["id"] == key
    return key


def test_different_figures_have_different_keys_and_one_address_keeps_its_own(site: Client) -> None:
    addresses = (
        "share_by_country",
        "share_by_country?measure=monthly",
        "share_by_country?measure=monthly&scope=labs",
        "share_by_country?scope=labs",
        "share_by_country?since=2025-01",
        "cumulative_downloads?dimension=lab&top=5",
        "cumulative_downloads?dimension=lab&top=50",
    )
    keys = [key_of(site, address) for address in addresses]
    assert len(set(keys)) == len(keys)
    assert [key_of(site, address) for address in addresses] == keys
    assert "measure-monthly-scope-labs" in keys[2]
    # The order of an address and its defaults do not matter.
    assert key_of(site, "share_by_country?scope=labs&measure=monthly") == keys[2]
    assert key_of(site, "share_by_country?measure=cumulative") == keys[0]


def test_choices_that_read_alike_have_keys_of_their_own() -> None:
    base = "https://x.org/census/model_history"
    one, other = (
        CITED._replace(url=f"{base}?model={name}", changed=(("model", name),))
        for name in ("a/b-c", "a-b/c")
    )
    assert citation_key(one) != citation_key(other)
    long = CITED._replace(url=f"{base}?model={'x' * 500}", changed=(("model", "x" * 500),))
    assert len(citation_key(long)) < 200
    assert re.fullmatch(r"[a-z0-9-]+", citation_key(long))


def test_a_quoted_number_has_a_key_of_its_own(site: Client) -> None:
    numbers = site.get("/-/quote/ranking_by_country.json").json()["numbers"]
    links = [value["link"] for row in numbers[:2] for value in row["values"][:1]]
    keys = set()
    for link in links:
        said = site.get(link.replace("ranking_by_country?", "ranking_by_country.json?")).json()
        keys.add(said["citation"]["csl"][0]["id"])
    assert len(keys) == len(links) == 2


def test_citations_say_where_and_when(site: Client) -> None:
    entry = as_bibtex(CITED._replace(url="https://x.org/a?b={c}"), date(2026, 11, 26))
    assert "  url = {https://x.org/a?b=%7Bc%7D},\n" in entry
    assert "  urldate = {2026-11-26},\n" in entry
    (item,) = as_csl(CITED, date(2026, 11, 26))
    assert item["accessed"] == {"date-parts": [[2026, 11, 26]]}
    (served,) = site.get("/census/share_by_country.csl.json?scope=labs").json()
    assert served["URL"] == "http://localhost/census/share_by_country?scope=labs"
    assert served["accessed"]["date-parts"][0][0] >= 2026
