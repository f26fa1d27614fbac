"""Foreign text as one short printable line, for messages and reports."""

from __future__ import annotations

import re

LONGEST = 300


def printable_line(error: object, token: object = None) -> str:
    """Return an error's text in one short printable line without the token."""
    text = str(error)
    if isinstance(token, str) and token:
        text = text.replace(token, "***")
    text = re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in text)).strip()
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
