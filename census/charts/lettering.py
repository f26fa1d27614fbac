"""How many pixels a text takes in the widest of the fonts that readers may have.

A picture names its font, but a reader's machine that lacks it draws another: DejaVu Sans and
Verdana are some 15 % wider than Liberation Sans, Arial and Helvetica. Text that has room in the
widest has room in all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from unicodedata import east_asian_width

# Widths in DejaVu Sans, as parts of the font's size; all other letters are as wide as an `e`.
WIDTHS = {
    letter: width
    for width, letters in (
        (0.28, "'ijlIJ"),
        (0.34, " ,./:;|·"),
        (0.38, "f-()[]t!"),
        (0.41, "r"),
        (0.54, "sz?cLFkvxy"),
        (0.70, "KAVBRXZC"),
        (0.78, "UHNDG&OQ"),
        (0.86, "wM+<=>~"),
        (1.00, "%mW@—…"),
    )
    for letter in letters
}
USUAL, SQUARE = 0.64, 1.0
# The narrower font that charts are laid out with has this part of the widest font's width: a limit
# in pixels that holds in the layout must be smaller by it to hold in every font.
NARROWEST = 0.86
# DejaVu Sans Bold is wider than the regular by this.
BOLD = 1.13


def width_of(text: str, size: float, bold: bool = False) -> float:
    """Return the pixels that a text takes in the widest font."""
    width = size * sum(map(letter_width, text))
    return width * BOLD if bold else width


# Every page measures some ten thousand letters, but few different ones.
@cache
def letter_width(letter: str) -> float:
    """Return the width of a letter as a part of the font's size.

    One that is not listed is usual, but Chinese, Japanese, Korean ones are square: `问` → 1,
    `e` → 0.64, `i` → 0.28.
    """
    square = east_asian_width(letter) in "WF"
    return WIDTHS.get(letter, SQUARE if square else USUAL)


def lines_of(text: str, room: float, size: float, bold: bool = False) -> list[str]:
    """Return a text broken between words into lines that fit, a word that is too long cut."""
    lines: list[str] = []
    for word in pieces(text, room, size, bold):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def pieces(text: str, room: float, size: float, bold: bool) -> Iterator[str]:
    """Yield the words of a text; one that has no room in a line comes in pieces."""
    for word in text.split():
        remaining = word
        while width_of(remaining, size, bold) > room and len(remaining) > 1:
            cut = len(remaining)
            while cut > 1 and width_of(remaining[:cut], size, bold) > room:
                cut -= 1
            yield remaining[:cut]
            remaining = remaining[cut:]
        yield remaining


def name_lines(name: str, value: str, room: float, size: float) -> list[str]:
    """Return a name with its value in at most three lines that fit, the name shortened if need be.

    A name breaks between words and after `-` or `/`: `Country not established 1.2%` becomes
    `Country not`, `established`, `1.2%`.
    """
    short = name if width_of(f"{name} {value}", size) <= room else name.rpartition("/")[2]
    lines = [""]
    for part in re.findall(r"[^\s/-]*[/-]|[^\s/-]+|\s+", short):
        if lines[-1] and width_of(f"{lines[-1]}{part}".rstrip(), size) > room:
            lines.append("")
        lines[-1] += part if lines[-1] or part.strip() else ""
    if len(lines) > 2:
        lines = [lines[0], "".join(lines[1:])]
    lines = [shortened(line.strip(), room, size) for line in lines if line.strip()]
    if lines and value and width_of(f"{lines[-1]} {value}", size) <= room:
        return [*lines[:-1], f"{lines[-1]} {value}"]
    return [*lines, *([value] if value else [])]


def shortened(text: str, room: float, size: float) -> str:
    """Return a text that fits, its end left out if need be: `Qwen/Qwen3-235B` → `Qwen/Qwen3-…`."""
    if width_of(text, size) <= room:
        return text
    while text and width_of(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def without_middle(text: str, room: float, size: float) -> str:
    """Return a text that fits, its middle left out if need be: its end tells it from others.

    `Qwen/Qwen3-235B-A22B-Instruct-2507` → `Qwe…uct-2507`.
    """
    if width_of(text, size) <= room:
        return text
    letters_kept = len(text) - 1
    while (
        letters_kept > 2
        and width_of(
            f"{text[: letters_kept // 3]}…{text[letters_kept // 3 - letters_kept :]}", size
        )
        > room
    ):
        letters_kept -= 1
    return (
        f"{text[: letters_kept // 3].rstrip()}…{text[letters_kept // 3 - letters_kept :].lstrip()}"
    )


def named_value(name: str, value: str, room: float, size: float, optional: bool = False) -> str:
    """Return a name with its value that fit: the name is shortened, never the value.

    Of a model's name first the namespace is left out: `Qwen/Qwen3-235B-A22B` and 12M →
    `Qwen3-235B-A22B 12M`, then `Qwen3-235… 12M`. An `optional` value is left out where it has no
    room beside the whole name.
    """
    for shorter in (name, name.rpartition("/")[2]):
        name_and_value = f"{shorter} {value}".strip()
        if width_of(name_and_value, size) <= room or not name:
            return name_and_value
    if optional:
        return shortened(name.rpartition("/")[2], room, size)
    remaining_room = room - width_of(f" {value}", size)
    return f"{shortened(name.rpartition('/')[2], remaining_room, size)} {value}".strip()
