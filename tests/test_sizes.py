"""The size in a name, the order of sources of a size, the buckets and the release dates."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from census.base.csv_files import Problem, Row
from census.base.names import NameDict
from census.inputs.registry import Lab, Registry, load_registry
from census.inputs.sizes import (
    LARGEST,
    Sizes,
    bucket_of,
    load_release_dates,
    load_sizes,
    parameters_from_name,
    resolve_parameters,
)

DATA = Path(__file__).parents[1] / "data"
BILLION = 10**9
BUCKETS = ("<1B", "1-5B", "5-10B", "10-50B", "50-100B", "100-250B", "250B+")


REGISTRY = Registry(
    {},
    {"x": Lab("x", "X", "company", "lab", "", False, "", "")},
    NameDict(
        (name, Row({"namespace": name, "lab": "x", "renamed_to": new}, "namespaces.csv", 2))
        for name, new in (("a", ""), ("old", "a"))
    ),
    {},
    NameDict(),
    {},
)


@pytest.fixture(scope="module")
def sizes() -> Sizes:
    problems: list[Problem] = []
    loaded = load_sizes(DATA, load_registry(DATA, []), problems)
    assert problems == []
    return loaded


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("Qwen/Qwen2.5-0.5B", BILLION // 2),
        ("Qwen/Qwen3-30B-A3B-Instruct-2507", 30 * BILLION),
        ("Qwen/Qwen-1_8B-Chat", 1_800_000_000),
        ("Qwen/Qwen2.5-7B-Instruct-1M", 7 * BILLION),
        ("internlm/internlm2_5-7b-chat-1m", 7 * BILLION),
        ("internlm/internlm2-1_8b-reward", 1_800_000_000),
        ("google/gemma-3-270m-it", 270_000_000),
        ("ibm-granite/granite-3.0-1b-a400m-base", BILLION),
        ("bigscience/bloom-7b1", 7_100_000_000),
        ("bigscience/bloomz-1b7", 1_700_000_000),
        ("nvidia/Llama-3_3-Nemotron-Super-49B-v1_5", 49 * BILLION),
        ("nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B-BF16", 550 * BILLION),
        ("mistralai/Mistral-Large-3-675B-Instruct-2512", 675 * BILLION),
        ("TinyLlama/TinyLlama-1.1B-step-50K-105b", 1_100_000_000),
        ("BAAI/Infinity-Instruct-7M-Gen-Llama3_1-8B", 8 * BILLION),
        ("microsoft/bitnet-b1.58-2B-4T", 2 * BILLION),
        ("tiiuae/falcon-mamba-7b-4bit", 7 * BILLION),
        ("facebook/opt-125m", 125_000_000),
        ("CohereLabs/aya-23-8B", 8 * BILLION),
        # No total of parameters.
        ("mistralai/Mixtral-8x7B-Instruct-v0.1", None),
        ("mistralai/Mixtral-8x22B-v0.1", None),
        ("meta-llama/Llama-4-Maverick-17B-128E-Instruct", None),
        ("meta-llama/Llama-4-Scout-17B-16E", None),
        ("google/gemma-4-E2B-it", None),
        ("google/t5gemma-2b-2b-prefixlm", None),
        ("google/t5gemma-2-270m-270m", None),
        ("moonshotai/Kimi-VL-A3B-Instruct", None),
        ("Qwen/Qwen1.5-MoE-A2.7B", None),
        ("inclusionAI/Ling-1T", None),
        ("mistralai/Magistral-Small-2509", None),
        ("microsoft/phi-1_5", None),
        ("moonshotai/Kimi-K2.5", None),
        ("openbmb/MiniCPM-V-2_6-int4", None),
        ("moondream/moondream-8bit", None),
        ("laion/CLIP-ViT-bigG-14-laion2B-39B-b160k", None),
        ("CohereLabs/c4ai-command-r7b-12-2024", None),
    ],
)
def test_size_in_a_name(name: str, parameters: int | None) -> None:
    assert parameters_from_name(name) == parameters


@given(st.text(max_size=60))
def test_a_size_in_a_name_is_a_possible_one(name: str) -> None:
    size = parameters_from_name(name)
    assert size is None or 0 < size <= LARGEST


@given(st.integers(1, 9_999), st.sampled_from("bB"))
def test_a_plain_size_is_read(billions: int, unit: str) -> None:
    assert parameters_from_name(f"Lab/Model-{billions}{unit}-Instruct") == billions * BILLION


@pytest.mark.parametrize(
    ("name", "total", "expected"),
    [
        # A correction wins: the Hub's total of DeepSeek-V3 counts a second module.
        ("deepseek-ai/DeepSeek-V3", 684_531_386_000, (671 * BILLION, "curated")),
        # Within the tolerance the exact total wins over the rounded name.
        ("Qwen/Qwen2.5-7B-Instruct", 7_615_616_512, (7_615_616_512, "safetensors")),
        # Packed weights make the total too small: the name wins.
        ("Qwen/Qwen2.5-72B-Instruct-AWQ", 11_900_000_000, (72 * BILLION, "name")),
        ("Lab/Adapter-70B", 40_000_000, (70 * BILLION, "name")),
        ("Lab/Model-10B", 16 * BILLION, (16 * BILLION, "safetensors")),
        ("Lab/Model-10B", 16 * BILLION + 1, (10 * BILLION, "name")),
        ("Lab/Model-16B", 10 * BILLION, (10 * BILLION, "safetensors")),
        ("Lab/Model-16B", 10 * BILLION - 1, (16 * BILLION, "name")),
        ("meta-llama/Llama-4-Other-17B-16E", 108_641_793_536, (108_641_793_536, "safetensors")),
        ("Lab/Model-10B", None, (10 * BILLION, "name")),
        ("Lab/Model-10B", 0, (10 * BILLION, "name")),
        ("Lab/Model", 5, (5, "safetensors")),
        ("Lab/Model", None, (None, None)),
    ],
)
def test_size_by_the_best_source(
    name: str, total: int | None, expected: tuple[int | None, str | None], sizes: Sizes
) -> None:
    assert resolve_parameters(name, total, sizes) == expected


def test_the_buckets_are_those_of_the_field(sizes: Sizes) -> None:
    assert tuple(bucket.key for bucket in sizes.buckets) == BUCKETS


@pytest.mark.parametrize(
    ("parameters", "bucket"),
    [
        (1, "<1B"),
        (BILLION - 1, "<1B"),
        (BILLION, "1-5B"),
        (5 * BILLION - 1, "1-5B"),
        (5 * BILLION, "5-10B"),
        (10 * BILLION, "10-50B"),
        (50 * BILLION, "50-100B"),
        (100 * BILLION, "100-250B"),
        (250 * BILLION - 1, "100-250B"),
        (250 * BILLION, "250B+"),
        (2_800 * BILLION, "250B+"),
        (0, None),
        (None, None),
    ],
)
def test_bucket_at_its_bounds(parameters: int | None, bucket: str | None, sizes: Sizes) -> None:
    assert bucket_of(parameters, sizes) == bucket


@given(parameters=st.integers(1, LARGEST))
def test_every_size_is_in_exactly_one_bucket(parameters: int, sizes: Sizes) -> None:
    holding = [
        bucket.key
        for bucket in sizes.buckets
        if bucket.at_least <= parameters and (bucket.below is None or parameters < bucket.below)
    ]
    assert holding == [bucket_of(parameters, sizes)]


@given(smaller=st.integers(1, LARGEST), larger=st.integers(1, LARGEST))
def test_a_larger_model_is_in_no_smaller_bucket(smaller: int, larger: int, sizes: Sizes) -> None:
    smaller, larger = sorted((smaller, larger))
    first, second = bucket_of(smaller, sizes), bucket_of(larger, sizes)
    assert first is not None
    assert second is not None
    assert BUCKETS.index(first) <= BUCKETS.index(second)


def test_a_renamed_model_is_corrected_once(sizes: Sizes) -> None:
    assert not [name for name in sizes.corrections if name.startswith("THUDM/")]
    assert sizes.corrections["zai-org/GLM-4.5"][:2] == (355 * BILLION, 32 * BILLION)


def test_release_dates_load() -> None:
    problems: list[Problem] = []
    dates = load_release_dates(DATA, load_registry(DATA, []), problems)
    assert problems == []
    assert dates["openai/gpt-oss-120b"].day == date(2025, 8, 5)
    # Weights can come to the Hub after the launch as well.
    assert dates["meituan-longcat/LongCat-2.0"].day == date(2026, 6, 30)


def test_a_correction_under_a_former_name_is_that_of_the_model_it_became(tmp_path: Path) -> None:
    (tmp_path / "size_buckets.csv").write_text(WHOLE, encoding="utf-8")
    text = PARAMETER_HEAD + "Old/B,5,,,https://x\n"
    (tmp_path / "parameters.csv").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    assert dict(load_sizes(tmp_path, REGISTRY, problems).corrections) == {
        "a/B": (5, None, "https://x")
    }
    assert problems == []


BUCKET_HEAD = "size_bucket,at_least,below,note,source_url\n"
PARAMETER_HEAD = "model_id,parameters,active_parameters,note,source_url\n"
WHOLE = BUCKET_HEAD + "all,1,,,https://x\n"


@pytest.mark.parametrize(
    ("buckets", "parameters", "reason"),
    [
        (BUCKET_HEAD + "a,1,5,,https://x\nb,6,,,https://x\n", PARAMETER_HEAD, "before ends at 5"),
        (BUCKET_HEAD + "a,2,,,https://x\n", PARAMETER_HEAD, "starts at 2"),
        (BUCKET_HEAD + "a,1,5,,https://x\n", PARAMETER_HEAD, "upper end"),
        (BUCKET_HEAD + "a,1,1,,https://x\nb,1,,,https://x\n", PARAMETER_HEAD, "ends at 1"),
        (BUCKET_HEAD + "a,one,,,https://x\n", PARAMETER_HEAD, "not a whole number"),
        (WHOLE, PARAMETER_HEAD + "a/b,1.5,,,https://x\n", "not a number of parameters"),
        (WHOLE, PARAMETER_HEAD + "a/b,0,,,https://x\n", "empty or zero"),
        (WHOLE, PARAMETER_HEAD + "a/b,5,6,,https://x\n", "between 1 and 5"),
        (WHOLE, PARAMETER_HEAD + "a/b,5,,,https://x\na/b,6,,,https://x\n", "duplicate"),
        (WHOLE, PARAMETER_HEAD + "a/b,5,,,https://x\nA/B,6,,,https://x\n", "duplicate of line 2"),
        (WHOLE, PARAMETER_HEAD + "a/b,5,,,https://x\nold/b,6,,,https://x\n", "duplicate of line 2"),
        (WHOLE, PARAMETER_HEAD + "other/b,5,,,https://x\n", "other/b: its namespace is not reg"),
        (WHOLE, PARAMETER_HEAD + "a/b,5,,,\n", "source_url is empty"),
    ],
)
def test_faults_are_named(tmp_path: Path, buckets: str, parameters: str, reason: str) -> None:
    (tmp_path / "size_buckets.csv").write_text(buckets, encoding="utf-8")
    (tmp_path / "parameters.csv").write_text(parameters, encoding="utf-8")
    problems: list[Problem] = []
    load_sizes(tmp_path, REGISTRY, problems)
    assert [problem for problem in problems if reason in problem.reason]


def test_an_impossible_release_date_is_named(tmp_path: Path) -> None:
    text = "model_id,released_on,note,source_url\na/b,2025-02-30,x,https://x\n"
    (tmp_path / "release_dates.csv").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    assert load_release_dates(tmp_path, REGISTRY, problems) == {}
    assert [problem.line for problem in problems] == [2]
