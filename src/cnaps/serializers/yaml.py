r"""Values and documents as YAML, for people: texts over several lines stay readable.

>>> from cnaps import PaperRef
>>> from cnaps.serializers import yaml
>>> text = yaml.dumps(PaperRef("Kākā at dusk", summary="Birds.\nAt night.\n"))
>>> print(text, end="")
type: PaperRef
schema_version: '1.1'
title: Kākā at dusk
paper: null
github: null
summary: |
  Birds.
  At night.
>>> yaml.loads(text)
PaperRef(title='Kākā at dusk', paper=None, github=None, summary='Birds.\nAt night.\n')

Reading makes nothing but texts, lists and objects. There is no conversion: `name: 3` and `name: no`
are problems, not texts. Tags other than those of these three, and aliases, are refused.

`dumps_all`, `loads_all`, `dump_all` and `load_all` are for several, with a line `---` before each.

Needs PyYAML (the extra `yaml`), which reads YAML 1.1; what is written is the same in YAML 1.2. The
format is described at https://yaml.org/spec/.
"""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Any, Final

from cnaps._extras import needs
from cnaps.serializers._format import Format, MalformedError, as_text
from cnaps.serializers._shapes import Literal
from cnaps.serializers._streams import Stream
from cnaps.serializers._surrogates import refuse_halves

with needs("yaml", "cnaps.serializers.yaml"):
    import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["dump", "dump_all", "dumps", "dumps_all", "load", "load_all", "loads", "loads_all"]

_NAME = "yaml"
_UNLIMITED = 1 << 30  # characters of a line
# Collections in one another. PyYAML takes time for each token that grows with their number.
_DEEPEST = 100
# libyaml 0.2.6 has a limit of its own, and meets it where it looks ahead: before it tells of any.
_BEYOND_LIBYAML = "exceeded maximum nesting depth"

# YAML 1.1 has line ends that YAML 1.2 takes for characters; quoted, they are escaped.
_OTHER_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
# What YAML 1.2 may take for a number and YAML 1.1 takes for a text, such as 0o7 and 1e3.
_NUMBER_LIKE = re.compile(r"[-+.0-9]")
_BLANKS_BEFORE_LINE_ENDS = re.compile(r"(?<! ) ++(?=\n)")
_HALF = re.compile(r"[\ud800-\udfff]")


class _Dumper(yaml.SafeDumper):
    """Writes plain data, texts in the most readable way that keeps them."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - named as in PyYAML
        """Write what stands twice twice."""
        return True

    def analyze_scalar(self, scalar: str) -> Any:
        """Let texts over several lines have tabs and blanks at line ends, as YAML does."""
        found = super().analyze_scalar(scalar)
        if "\n" in scalar and not found.allow_block and not scalar.startswith("\t"):
            plain = _BLANKS_BEFORE_LINE_ENDS.sub("", scalar.replace("\t", ""))
            found.allow_block = super().analyze_scalar(plain).allow_block
        return found


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None
    if _OTHER_LINE_ENDS.search(text):
        style = '"'
    elif "\n" in text:
        style = "|"  # PyYAML quotes the text where this would not keep it
    elif _NUMBER_LIKE.match(text):
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_multi_representer(str, _represent_text)
_Dumper.add_representer(str, _represent_text)


def _encode(raw: dict[str, Any]) -> str:
    refuse_halves(raw, _NAME)  # PyYAML would escape them, and hardly any reader takes that
    text: str = yaml.dump(
        raw, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_UNLIMITED
    )
    return text


def _decode(data: str | bytes) -> object:
    text = as_text(data)
    try:
        documents = _built(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        if error.problem == _BEYOND_LIBYAML:
            raise RecursionError from None
        mark = error.problem_mark or error.context_mark
        place = "" if mark is None else f" (line {mark.line + 1}, column {mark.column + 1})"
        message = f"not YAML: {error.problem}{place}"
    except yaml.reader.ReaderError as error:
        message = f"not YAML: {error.reason} (at character {error.position})"
    except UnicodeEncodeError as error:
        message = f"not YAML: half a surrogate pair (at character {error.start})"
    except (ValueError, OverflowError):  # the parser in Python does not look at what chr says
        message = "not YAML: an escape stands for no character"
    else:
        if len(documents) == 1:
            return documents[0]
        count = len(documents) or "none"
        message = f"not one document but {count}; loads_all reads any number"
    raise MalformedError(message)


def _built(events: Iterable[yaml.Event]) -> list[object]:
    """Return the data of the documents that events describe; no node is ever copied."""
    documents: list[object] = []
    # The collections that are open, with the tag and the nodes of each.
    opened: list[tuple[str | None, list[object]]] = [(None, documents)]
    for event in events:
        nodes = opened[-1][1]
        match event:
            case yaml.CollectionStartEvent():
                opened.append((event.tag, []))
                if len(opened) > _DEEPEST:
                    raise RecursionError
            case yaml.CollectionEndEvent():
                tag, nodes = opened.pop()
                opened[-1][1].append(_collection(event, tag, nodes))
            case yaml.ScalarEvent():
                nodes.append(_scalar(event))
            case yaml.AliasEvent():
                nodes.append(Literal(f"the alias *{event.anchor}"))
            case _:  # the stream and its documents start and end
                pass
    return documents


def _collection(end: yaml.Event, tag: str | None, nodes: list[object]) -> object:
    is_mapping = isinstance(end, yaml.MappingEndEvent)
    if tag not in {None, "!", _MAPPING if is_mapping else _SEQUENCE}:
        return Literal(f"something tagged {_short(tag)}")
    return tuple(zip(nodes[::2], nodes[1::2], strict=True)) if is_mapping else nodes


def _scalar(event: yaml.ScalarEvent) -> object:
    """Return the text or the null that a scalar stands for; anything else as a Literal."""
    tag = event.tag
    if event.style == '"' and _HALF.search(event.value):
        return Literal("half a surrogate pair")  # an escape, and the parser is that in Python
    if any(event.implicit):
        tag = _resolve(yaml.ScalarNode, event.value, event.implicit)
        if tag == _NULL:
            return None
        return event.value if tag == _TEXT else Literal(event.value)
    return event.value if tag == _TEXT else Literal(f"something tagged {_short(tag)}")


_TAGS = "tag:yaml.org,2002:"
_TEXT, _NULL, _MAPPING, _SEQUENCE = (f"{_TAGS}{name}" for name in ("str", "null", "map", "seq"))
_resolve: Callable[..., str] = yaml.resolver.Resolver().resolve
# The parser in C, where PyYAML was built with it, is ten times faster.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _short(tag: str | None) -> str:
    return str(tag).replace(_TAGS, "!!")


def _framed(text: str) -> str:
    return f"---\n{text}"


def _split(file: IO[Any]) -> Iterator[tuple[str, str | bytes]]:
    """Yield the documents of a stream: no line inside of one starts with `---` or `...`."""
    lines: list[Any] = []
    number = first = 0  # the line at which the document starts, once it has
    for number, line in enumerate(file, 1):
        text = line if isinstance(line, str) else line.decode(errors="replace")
        if first and _is_marker(text, "---"):
            yield f"line {first}", _joined(lines)
            lines, first = [], 0
        lines.append(line)
        if _is_marker(text, "..."):
            if first:
                yield f"line {first}", _joined(lines)
            lines, first = [], 0
        elif not first and not _BEFORE.match(text):
            first = number
    if first or any(line[:1] in {"%", b"%"} for line in lines):
        yield f"line {first or number}", _joined(lines)


def _joined(lines: list[Any]) -> str | bytes:
    return lines[0][:0].join(lines)  # type: ignore[no-any-return]


def _is_marker(line: str, marker: str) -> bool:
    return line[:3] == marker and not line[3:4].strip()


# Blank lines, comments and directives; these are for the document that follows.
_BEFORE = re.compile(r"\ufeff?(?:\s*(?:#|\Z)|%)")


FORMAT = Format(_NAME, _encode, _decode)
_STREAM = Stream(FORMAT, _framed, _split, "")

dumps: Final = FORMAT.dumps
loads: Final = FORMAT.loads
dump: Final = FORMAT.dump
load: Final = FORMAT.load
dumps_all: Final = _STREAM.dumps
loads_all: Final = _STREAM.loads
dump_all: Final = _STREAM.dump
load_all: Final = _STREAM.load
