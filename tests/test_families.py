"""The family of real models by their names, within the lab that made them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from census.base.csv_files import Problem, read_rows
from census.inputs.families import Family, family_of, load_families
from census.inputs.models import read_models
from census.inputs.registry import load_registry

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="module")
def families() -> list[Family]:
    problems: list[Problem] = []
    labs = {row["lab"] for row in read_rows(DATA / "labs.csv", LAB_COLUMNS, problems)}
    loaded = load_families(DATA, labs, problems)
    assert problems == []
    return loaded


LAB_COLUMNS = ("lab", "name", "kind", "role", "parent", "in_house", "disputed_because", "note")


@pytest.mark.parametrize(
    ("name", "lab", "family"),
    [
        ("Qwen/Qwen3-8B", "qwen", "qwen"),
        ("Qwen/QwQ-32B", "qwen", "qwen"),
        ("Qwen/Qwen2.5-VL-7B-Instruct", "qwen", "qwen"),
        ("Qwen/Qwen3-Embedding-0.6B", "qwen", "qwen-embedding"),
        ("Qwen/Qwen3-ASR-1.7B", "qwen", "qwen-speech"),
        ("Qwen/Qwen-Image-Edit", "qwen", "qwen-image"),
        ("meta-llama/Llama-3.1-8B-Instruct", "meta", "llama"),
        ("facebook/opt-125m", "meta", "opt"),
        ("facebook/convnextv2-base-22k-224", "meta", "convnext"),
        ("facebook/deit-base-patch16-224", "meta", "deit"),
        ("facebook/levit-128S", "meta", "levit"),
        ("facebook/vjepa2-vitl-fpc64-256", "meta", "jepa"),
        ("facebook/ijepa_vith14_1k", "meta", "jepa"),
        ("facebook/vit-mae-base", "meta", "vit-mae"),
        ("facebook/timesformer-base-finetuned-k400", "meta", "timesformer"),
        ("facebook/fasttext-language-identification", "meta", "fasttext"),
        ("facebook/webssl-dino1b-full2b-224", "meta", "webssl"),
        ("facebook/metaclip-2-worldwide-giant", "meta", "metaclip"),
        ("facebook/s2t-medium-librispeech-asr", "meta", "speech2text"),
        ("facebook/sapiens-depth-0.3b", "meta", "sapiens"),
        ("facebook/MobileLLM-125M", "meta", "mobilellm"),
        ("allenai/DataDecide-c4-10M", "ai2", "datadecide"),
        ("google/multiberts-seed_0", "google", "google-bert"),
        ("princeton-nlp/datamux-mnli-10", "princeton-nlp", "datamux"),
        ("google/vit-base-patch16-224", "google", "vit"),
        ("google/siglip-so400m-patch14-384", "google", "siglip"),
        ("google/owlv2-base-patch16-ensemble", "google", "owl-vit"),
        ("google/pix2struct-base", "google", "pix2struct"),
        ("microsoft/DialoGPT-medium", "microsoft", "dialogpt"),
        ("microsoft/GODEL-v1_1-base-seq2seq", "microsoft", "godel"),
        ("ai-forever/FRIDA", "sber", "frida"),
        ("ai-forever/ruBert-base", "sber", "sber-bert"),
        ("cross-encoder/ms-marco-MiniLM-L6-v2", "sentence-transformers", "cross-encoder"),
        ("EssentialAI/rnj-1-instruct", "essential-ai", "rnj"),
        ("prism-ml/Bonsai-8B-gguf", "prism-ml", "bonsai"),
        ("farbodtavakkoli/OTel-2.0-LLM-31B-IT", "otel", "otel"),
        ("FacebookAI/xlm-roberta-base", "meta", "roberta"),
        ("facebook/bart-large-cnn", "meta", "bart"),
        ("deepseek-ai/DeepSeek-R1-Distill-Llama-8B", "deepseek", "deepseek"),
        ("deepseek-ai/Janus-Pro-7B", "deepseek", "deepseek"),
        ("google/gemma-3-1b-it", "google", "gemma"),
        ("google/paligemma-3b-mix-224", "google", "gemma"),
        ("google/t5gemma-2-1b-1b", "google", "gemma"),
        ("google/flan-t5-base", "google", "flan-t5"),
        ("google/mt5-small", "google", "mt5"),
        ("microsoft/Phi-4-mini-instruct", "microsoft", "phi"),
        ("microsoft/bitnet-b1.58-2B-4T", "microsoft", "bitnet"),
        ("mistralai/Mixtral-8x7B-v0.1", "mistral", "mistral"),
        ("mistralai/Voxtral-4B-TTS-2603", "mistral", "voxtral"),
        ("zai-org/chatglm-6b", "zai", "glm"),
        ("zai-org/GLM-5-FP8", "zai", "glm"),
        ("zai-org/cogvlm2-llama3-chat-19B", "zai", "cogvlm"),
        ("moonshotai/Kimi-K2-Instruct", "moonshot", "kimi"),
        ("MiniMaxAI/MiniMax-M2", "minimax", "minimax"),
        ("openai/gpt-oss-20b", "openai", "gpt-oss"),
        ("openai/whisper-large-v3", "openai", "whisper"),
        ("openai/clip-vit-base-patch32", "openai", "openai-clip"),
        ("allenai/OLMoE-1B-7B-0924", "ai2", "olmo"),
        ("allenai/Llama-3.1-Tulu-3-8B", "ai2", "tulu"),
        ("ibm-granite/granite-4.1-8b", "ibm", "granite"),
        ("nvidia/NVIDIA-Nemotron-Nano-9B-v2", "nvidia", "nemotron"),
        ("nvidia/Qwen3-32B-NVFP4", "nvidia", "nvidia-conversions"),
        ("tiiuae/Falcon3-7B-Base", "tii", "falcon"),
        ("01-ai/Yi-1.5-9B", "01-ai", "yi"),
        ("internlm/internlm2_5-7b-chat", "shanghai-ai-lab", "internlm"),
        ("OpenGVLab/InternVL2-1B", "shanghai-ai-lab", "internvl"),
        ("tencent/Hunyuan-A13B-Instruct", "tencent", "hunyuan"),
        ("tencent/Hy3", "tencent", "hunyuan"),
        ("baidu/ERNIE-4.5-21B-A3B-PT", "baidu", "ernie"),
        ("CohereLabs/aya-23-8B", "cohere", "aya"),
        ("CohereLabs/c4ai-command-r-plus", "cohere", "command"),
        ("HuggingFaceTB/SmolLM2-135M", "hugging-face", "smollm"),
        ("LGAI-EXAONE/K-EXAONE-236B-A23B", "lg", "exaone"),
        ("upstage/SOLAR-10.7B-v1.0", "upstage", "solar"),
        ("bigscience/bloomz-560m", "bigscience", "bloom"),
        ("EleutherAI/pythia-160m", "eleutherai", "pythia"),
        ("BAAI/bge-m3", "baai", "bge"),
        ("stabilityai/stable-diffusion-xl-base-1.0", "stability", "stable-diffusion"),
        ("stabilityai/stablelm-2-1_6b", "stability", "stablelm"),
        ("black-forest-labs/FLUX.1-dev", "black-forest-labs", "flux"),
        ("inclusionAI/Ring-1T", "inclusionai", "ring"),
        ("inclusionAI/Ling-1T", "inclusionai", "ling"),
        # A family is of one lab: the name alone does not make a model a Llama of Meta.
        ("nvidia/Llama-3.1-Nemotron-70B-Instruct-HF", "nvidia", "nemotron"),
        ("meta-llama/Llama-3.1-8B", "nvidia", None),
        ("facebook/fastspeech2-en-ljspeech", "meta", None),
        ("Qwen/Qwen3-8B", "no-such-lab", None),
    ],
)
def test_family_by_name(name: str, lab: str, family: str | None, families: list[Family]) -> None:
    assert family_of(name, lab, families) == family


def test_the_order_of_the_file_decides(families: list[Family]) -> None:
    embedding = next(family for family in families if family.slug == "qwen-embedding")
    general = next(family for family in families if family.slug == "qwen")
    name = "Qwen/Qwen3-Embedding-8B"
    assert family_of(name, "qwen", [embedding, general]) == "qwen-embedding"
    assert family_of(name, "qwen", [general, embedding]) == "qwen"


def test_most_models_of_large_labs_have_a_family(families: list[Family]) -> None:
    """Since the archives came in, the list holds every upload, experiments on others' models too;
    these have no family of the lab's."""
    problems: list[Problem] = []
    registry = load_registry(DATA, problems)
    models, named = Counter[str](), Counter[str]()
    for model in read_models(DATA, problems):
        name = registry.present_name(model.model_id)
        lab = registry.lab_of(name)
        if lab is not None and lab.role == "lab":
            models[lab.slug] += 1
            named[lab.slug] += family_of(name, lab.slug, families) is not None
    assert problems == []
    assert sum(named.values()) / sum(models.values()) > 0.8
    large = {lab for lab, count in models.items() if count > 10}
    assert large <= set(named), "labs with more than ten models and no family"
    assert not [lab for lab in large if not named[lab]]


HEAD = "family,name,lab,pattern,note\n"


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("a,A,lab,(,\n", "is broken"),
        ("a,A,nobody,b,\n", "is not in labs.csv"),
        ("a,A,lab,b,\na,A,lab,c,\n", "duplicate"),
        ("a,A,lab,,\n", "pattern is empty"),
        ("A B,A,lab,b,\n", "is not a valid slug"),
    ],
)
def test_faults_are_named(tmp_path: Path, rows: str, reason: str) -> None:
    (tmp_path / "families.csv").write_text(HEAD + rows, encoding="utf-8")
    problems: list[Problem] = []
    load_families(tmp_path, {"lab"}, problems)
    assert [problem for problem in problems if reason in problem.reason]
