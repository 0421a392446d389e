"""Renders the goldens of the chat templates with Jinja2 3.1, set up as transformers sets it up.

Run in this folder:  python3 render.py            (needs the package jinja2)
templates/NAME.jinja x conversations.json -> goldens/NAME.json;  expressions.txt -> expressions.json
"""

import datetime
import json
import pathlib
import sys

import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment


class Refusal(Exception):
    pass


class Generation(jinja2.ext.Extension):
    """transformers marks the assistant's words with this tag; it renders as its body."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.Scope(body).set_lineno(line)


def refuse(message):
    raise Refusal(message)


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


NOW = datetime.datetime(2024, 7, 26, 9, 5, 3)
environment = ImmutableSandboxedEnvironment(
    trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
environment.filters["tojson"] = tojson
environment.globals["raise_exception"] = refuse
environment.globals["strftime_now"] = NOW.strftime


def render(source, variables):
    try:
        return {"text": environment.from_string(source).render(**variables)}
    except Refusal as refusal:
        return {"refused": str(refusal)}
    except Exception as error:
        print("   ", type(error).__name__, error, file=sys.stderr)
        return {"failed": type(error).__name__}


def variables_of(conversation):
    return {
        "messages": conversation["messages"],
        "tools": conversation.get("tools"),
        "documents": conversation.get("documents"),
        "add_generation_prompt": conversation.get("add_generation_prompt", True),
        "bos_token": "<s>",
        "eos_token": "</s>",
        **conversation.get("variables", {}),
    }


def write(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main(folder):
    conversations = json.loads((folder / "conversations.json").read_text(encoding="utf-8"))
    (folder / "goldens").mkdir(exist_ok=True)
    for template in sorted((folder / "templates").glob("*.jinja")):
        print(template.stem, file=sys.stderr)
        source = template.read_text(encoding="utf-8")
        write(folder / "goldens" / f"{template.stem}.json",
              {name: render(source, variables_of(conversation)) for name, conversation in conversations.items()})
    snippets = folder / "expressions.txt"
    if snippets.exists():
        sources = [line.replace("␤", "\n") for line in snippets.read_text(encoding="utf-8").splitlines() if line and not line.startswith("##")]
        shared = variables_of(conversations["tool round trip"])
        write(folder / "expressions.json", [{"source": source, **render(source, shared)} for source in sources])


main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "."))
