"""Runs the steps of a workflow in order, as GitHub does, on this machine.

It knows as much of GitHub's expressions as our workflows use, and fails on anything else.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = ROOT / ".github/workflows"
TOKEN = re.compile(
    r"\s*(?:(?P<text>'[^']*')|(?P<name>[A-Za-z_][\w.-]*)|(?P<sign>&&|\|\||==|!=|!|\(|\)|,))"
)
SIGNS = {"&&": " and ", "||": " or ", "!": " not "}


def read_workflow(name: str) -> dict[str, Any]:
    """Return a workflow; its `on` is under the key `on`, which YAML takes for a truth value."""
    content: dict[Any, Any] = yaml.safe_load((WORKFLOWS / name).read_text(encoding="utf-8"))
    if True in content:
        content["on"] = content.pop(True)
    return content


@dataclass
class Round:
    """One run of a job: what happened in each step, and the context of its expressions."""

    folder: Path
    job: dict[str, Any]
    environment: dict[str, str]
    variables: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, Any] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    failed: bool = False

    def run(self, start: str = "", before: Mapping[str, Callable[[], None]] | None = None) -> Round:
        """Run the steps from `start` on; `before` has what happens just before a step."""
        begun = not start
        for step in self.job["steps"]:
            if "run" not in step:
                continue
            name = step["id"]
            begun = begun or name == start
            if not begun:
                continue
            if before and name in before:
                before[name]()
            self._step(name, step)
        return self

    def _step(self, name: str, step: dict[str, Any]) -> None:
        condition = str(step.get("if", "true"))
        asked = "failure()" in condition or "always()" in condition
        if (self.failed and not asked) or not self.evaluate(condition):
            self.outcomes[name] = "skipped"
            return
        written = self.folder.parent / f"output-{name}"
        written.write_text("")
        script = self.folder.parent / "step.sh"
        script.write_text(step["run"] + "\n")
        given = {**self.job.get("env", {}), **step.get("env", {})}
        environment = {
            **self.environment,
            **{key: self.filled(str(value)) for key, value in given.items()},
            "GITHUB_OUTPUT": str(written),
        }
        shell = self.job["defaults"]["run"]["shell"].format(str(script)).split()
        done = subprocess.run(
            [str(self.folder / shell[0]), *shell[1:]],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.said[name] = done.stdout + done.stderr
        self.outcomes[name] = "failure" if done.returncode else "success"
        self.failed = self.failed or done.returncode != 0
        lines = [line.partition("=") for line in written.read_text().splitlines()]
        self.outputs[name] = {key: value for key, _, value in lines}

    def filled(self, text: str) -> str:
        """Return a text with its expressions replaced."""

        def value(match: re.Match[str]) -> str:
            found = self.evaluate(match[1])
            return str(found).lower() if isinstance(found, bool) else str(found)

        return re.sub(r"\$\{\{(.*?)\}\}", value, text)

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression of GitHub's."""
        text = expression.strip().removeprefix("${{").removesuffix("}}").strip()
        python, at = "", 0
        while at < len(text):
            match = TOKEN.match(text, at)
            assert match, f"not understood: {text[at:]!r}"
            at = match.end()
            if match["name"]:
                called = text[at : at + 1] == "("
                python += f"call_{match['name']}" if called else f"look({match['name']!r})"
            else:
                python += match["text"] or SIGNS.get(match["sign"], match["sign"])
        functions = {
            "look": self.look,
            "call_failure": lambda: self.failed,
            "call_cancelled": lambda: False,
            "call_toJSON": lambda value: json.dumps(value),
            "call_format": lambda form, *values: form.format(*values),
        }
        return eval(python.strip(), {"__builtins__": {}}, functions)

    def look(self, name: str) -> Any:
        """Return a value of the context; what is not there is an empty text."""
        if name in ("true", "false"):
            return name == "true"
        kind, _, rest = name.partition(".")
        if kind == "steps":
            if not rest:
                return {
                    step: {"outcome": outcome, "outputs": self.outputs.get(step, {})}
                    for step, outcome in self.outcomes.items()
                }
            step, _, key = rest.partition(".outputs.")
            return self.outputs.get(step, {}).get(key, "")
        if name == "github.token":
            return "ghs_standInToken0123456789"
        context = {"vars": self.variables, "secrets": self.secrets, "inputs": self.inputs}
        return context[kind].get(rest, "")


def plain_environment(folder: Path) -> dict[str, str]:
    """Return an environment that has nothing of this machine's but the path to its programs."""
    return {
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
    }
