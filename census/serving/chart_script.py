"""The script that makes charts answer the pointer: vega-embed, made here, without npm or a CDN."""

from __future__ import annotations

import hashlib
from importlib.metadata import version

from census.charts.render import VEGA_LITE

SNIPPET = "window.vegaEmbed = vegaEmbed;"


def bundle_mark() -> str:
    """Return a short hash of all that the bundle follows from: addresses with it never change."""
    made_from = f"{version('vl-convert-python')} {VEGA_LITE} {SNIPPET}"
    return hashlib.sha256(made_from.encode()).hexdigest()[:12]


def make_bundle() -> bytes:
    """Return vega-embed with Vega and Vega-Lite as one script; runs in a process of its own."""
    import vl_convert

    script: str = vl_convert.javascript_bundle(SNIPPET, vl_version=VEGA_LITE)
    return script.encode()
