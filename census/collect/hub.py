"""The Hub: which models a namespace has and what their counts are, through huggingface_hub."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from huggingface_hub import HfApi, ModelInfo, close_session, set_client_factory
from huggingface_hub.errors import (
    DisabledRepoError,
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
)
from huggingface_hub.hf_api import ExpandModelProperty_T

from census.base.csv_files import LARGEST_COUNT, parse_day
from census.base.names import HUB_ID, MODEL_NAME, NameDict, namespace_of, same_name
from census.base.printable import printable_line
from census.collect.hub_transport import HubError, HubSettings, UnreachableError, make_client
from census.inputs.models import (
    GATINGS,
    LARGEST_PARAMETERS,
    LIBRARY,
    LICENCE,
    PIPELINE_TAG,
    ModelMetadata,
    parse_parent,
)
from census.store.observations import Observation

# Only these fields are asked for; `cardData`, which holds free text, is not among them.
EXPAND: list[ExpandModelProperty_T] = [
    "createdAt",
    "disabled",
    "downloads",
    "downloadsAllTime",
    "gated",
    "gguf",
    "lastModified",
    "library_name",
    "likes",
    "pipeline_tag",
    "private",
    "safetensors",
    "tags",
]
# What the client raises on an answer that is JSON, but not the Hub's.
MALFORMED = (ValueError, TypeError, KeyError, AttributeError)
NOT_THERE = (401, 404)
FORBIDDEN = 403

SOURCE = "hub"
COUNTS = ("downloads", "downloadsAllTime", "likes")

# After so many namespaces for which no connection could be made, no further one is asked for.
UNREACHED_NAMESPACES = 2

# A model as the Hub describes it, in JSON's types; nothing in it has been checked.
RawModel = dict[str, Any]


@dataclass
class Listing:
    """What a namespace listed; `error` says why the list is not complete.

    `unreachable` is that no connection to the Hub could be made.
    """

    namespace: str
    models: list[RawModel] = field(default_factory=list)
    error: str = ""
    unreachable: bool = False


class ModelAnswer(NamedTuple):
    """What the Hub says of one model that was asked for by name.

    `status` is `listed` (it is there, perhaps under another name: see `model`), `gone`, `private`,
    `disabled`, or empty when the Hub could not be asked; then `note` says why. Without the right
    token the Hub does not tell deleted and private models apart: both are `gone`, which means no
    longer shown to the public.
    """

    name: str
    status: str
    model: RawModel | None = None
    note: str = ""


class HubModel(NamedTuple):
    """One model of a day's list, checked; `tagged` is whether the Hub gave its tags."""

    observation: Observation
    metadata: ModelMetadata
    tagged: bool


@contextmanager
def connected(settings: HubSettings) -> Iterator[HfApi]:
    """Give a client of the Hub with the settings' time-outs and retries.

    The HTTP client of huggingface_hub is one for the whole process: the last one connected counts.
    """
    set_client_factory(lambda: make_client(settings))
    try:
        # False keeps the client from using a token that somebody stored on this machine.
        yield HfApi(endpoint=settings.endpoint, token=settings.token or False)
    finally:
        close_session()


def list_namespace(api: HfApi, namespace: str) -> Listing:
    """Return every model of a namespace, or those before the error.

    A model that moves from one page to the next while the list is read is listed once, as it was
    last.
    """
    listing = Listing(namespace)
    models: dict[str, RawModel] = {}
    try:
        for info in api.list_models(author=namespace, expand=EXPAND):
            raw = raw_model(info)
            # A token may show private models, which are never kept.
            if raw["private"] is True:
                continue
            models[f"{raw['_id']} {raw['id']}"] = raw
    except (HubError, HfHubHTTPError) as error:
        listing.error = printable_line(error, api.token)
        listing.unreachable = isinstance(error, UnreachableError)
    except MALFORMED as error:
        reason = printable_line(f"{type(error).__name__}: {error}", api.token)
        listing.error = f"the response is not a JSON list of models ({reason})"
    listing.models = list(models.values())
    return listing


def list_namespaces(
    api: HfApi,
    namespaces: Sequence[str],
    threads: int,
    on_listing: Callable[[Listing], None] = lambda _listing: None,
) -> list[Listing]:
    """Return the listings of several namespaces, in their order, asked for concurrently.

    `on_listing` is called with each as it is complete. Raises UnreachableError after the first
    namespaces (`UNREACHED_NAMESPACES`) for which no connection could be made.
    """
    unreached: list[Listing] = []

    def ask(namespace: str) -> Listing:
        if len(unreached) >= UNREACHED_NAMESPACES:
            return Listing(namespace, error="not asked for", unreachable=True)
        listing = list_namespace(api, namespace)
        if listing.unreachable:
            unreached.append(listing)
        return listing

    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(ask, namespace) for namespace in namespaces]
        for future in as_completed(futures):
            if len(unreached) < UNREACHED_NAMESPACES:
                on_listing(future.result())
    if len(unreached) >= UNREACHED_NAMESPACES:
        raise UnreachableError(
            f"{api.endpoint} cannot be reached, and nothing was written: {unreached[0].error}."
            " Check the network and run it again"
        )
    return [future.result() for future in futures]


def ask_models(api: HfApi, names: Iterable[str], threads: int) -> list[ModelAnswer]:
    """Return the Hub's answer for each model by name, one request each (two where renamed)."""
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda name: ask_model(api, name), names))


def ask_model(api: HfApi, name: str) -> ModelAnswer:
    """Return the Hub's answer for one model; the Hub follows renames, so compare the names."""
    try:
        raw = raw_model(api.model_info(name, expand=EXPAND))
    except DisabledRepoError:
        return ModelAnswer(name, "disabled")
    except GatedRepoError:
        return ModelAnswer(name, "private", note="shown only to those who were granted access")
    except HfHubHTTPError as error:
        # Without a token the Hub answers 401 for what is missing, private or gated.
        if error.response.status_code in NOT_THERE:
            return ModelAnswer(name, "gone")
        if error.response.status_code == FORBIDDEN:
            return ModelAnswer(name, "private")
        return ModelAnswer(name, "", note=printable_line(error, api.token))
    except (HubError, HFValidationError) as error:
        return ModelAnswer(name, "", note=printable_line(error, api.token))
    except MALFORMED as error:
        reason = printable_line(f"{type(error).__name__}: {error}", api.token)
        return ModelAnswer(name, "", note=f"the answer is not a description of a model ({reason})")
    if raw["private"] is True:
        return ModelAnswer(name, "private")
    if raw["disabled"] is True:
        return ModelAnswer(name, "disabled", raw)
    return ModelAnswer(name, "listed", raw)


def raw_model(info: ModelInfo) -> RawModel:
    """Return the fields of a model that are kept, in JSON's types, by the Hub's names."""
    return {
        "_id": vars(info).get("_id"),
        "id": info.id,
        "createdAt": _text(info.created_at),
        "lastModified": _text(info.last_modified),
        "downloads": info.downloads,
        "downloadsAllTime": info.downloads_all_time,
        "likes": info.likes,
        "pipeline_tag": info.pipeline_tag,
        "library_name": info.library_name,
        "tags": info.tags,
        "gated": info.gated,
        "private": info.private,
        "disabled": info.disabled,
        "parameters": _parameters(info),
    }


def _text(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def _parameters(info: ModelInfo) -> Any:
    if info.safetensors is not None:
        return info.safetensors.total
    return info.gguf.get("total") if isinstance(info.gguf, dict) else None


def parse_model(raw: RawModel, namespace: str, day: str, lenient: bool = False) -> HubModel:
    """Return a listed model, checked; `day` (ISO) is the day of the list.

    Raises ValueError with namespace, model, field and reason when it has no valid name or id, is
    of another namespace, or has a count that is not a whole number from 0 to `LARGEST_COUNT`.
    With `lenient` (a person has accepted the list) such a count is unknown.
    """
    name, hub_id = raw.get("id"), raw.get("_id")
    if not isinstance(name, str) or not MODEL_NAME.fullmatch(name):
        raise ValueError(f"{namespace}: id {printable_line(repr(name))} is not a model name")
    if not same_name(namespace_of(name), namespace):
        raise ValueError(
            f"{namespace}: lists {name}, which is of another namespace; if {namespace} was"
            f" renamed, fill renamed_to in namespaces.csv"
        )
    if not isinstance(hub_id, str) or not HUB_ID.fullmatch(hub_id):
        raise ValueError(
            f"{namespace}: {name}: _id {printable_line(repr(hub_id))} is not an id of the Hub"
        )
    counts: list[int | None] = []
    for column in COUNTS:
        try:
            counts.append(_count(raw.get(column)))
        except ValueError as error:
            if not lenient:
                raise ValueError(f"{namespace}: {name}: {column}: {error}") from None
            counts.append(None)
    tags = raw.get("tags")
    tagged = isinstance(tags, list)
    texts = [tag for tag in tags or () if isinstance(tag, str)] if tagged else []
    gated = str(raw.get("gated")).lower()
    metadata = ModelMetadata(
        model_id=name,
        hub_id=hub_id,
        created_at=_day(raw.get("createdAt")),
        last_modified=_day(raw.get("lastModified")),
        pipeline_tag=_matching(PIPELINE_TAG, raw.get("pipeline_tag")),
        library_name=_matching(LIBRARY, raw.get("library_name")),
        license=_licence(texts),
        gated=gated if gated in GATINGS else "",
        parameters=_whole(raw.get("parameters")),
        base_models=_base_models(name, texts),
        status="disabled" if raw.get("disabled") is True else "listed",
        source=SOURCE,
        seen_on=day,
    )
    return HubModel(Observation(name, hub_id, *counts), metadata, tagged)


def _count(value: object) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{printable_line(repr(value))} is not a whole number")
    if value < 0:
        raise ValueError(f"{value} is negative")
    if value > LARGEST_COUNT:
        raise ValueError(f"a number of {len(str(value))} digits is larger than any count")
    return value


def _whole(value: object) -> int | None:
    fine = isinstance(value, int) and not isinstance(value, bool)
    return value if isinstance(value, int) and fine and 0 < value <= LARGEST_PARAMETERS else None


def _day(value: object) -> str:
    """Return the day of an ISO time as `_text` writes it; empty where there is none."""
    try:
        return parse_day(value[:10]).isoformat() if isinstance(value, str) else ""
    except ValueError:
        return ""


def _matching(pattern: re.Pattern[str], value: object) -> str:
    return value if isinstance(value, str) and pattern.fullmatch(value) else ""


def _licence(tags: Sequence[str]) -> str:
    licences = (tag.removeprefix("license:") for tag in tags if tag.startswith("license:"))
    return next((text for text in licences if LICENCE.fullmatch(text)), "")


def _base_models(name: str, tags: Sequence[str]) -> str:
    """Return the lineage in tags: `base_model:Name`, and `base_model:relation:Name` where known."""
    relations: NameDict[str] = NameDict()
    for tag in tags:
        text = tag.removeprefix("base_model:")
        if text == tag:
            continue
        try:
            relation, parent = parse_parent(text if ":" in text else f"unspecified:{text}")
        except ValueError:
            continue
        if not same_name(parent, name) and relations.get(parent, "unspecified") == "unspecified":
            relations[parent] = relation
    return " ".join(sorted(f"{relation}:{parent}" for parent, relation in relations.items()))
