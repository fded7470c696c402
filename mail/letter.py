"""A letter: what a mail says, before it becomes text and HTML. One source for both, and every
string in it is safe to print (`mail.text`)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mail.text import DOT, FENCE, Quoted, fence, wrap

_LEGEND = f'Lines that start with "{FENCE}" are quoted; whoever wrote them is not this program.'
_DOTTED = (
    f'A "{DOT}" inside a word was put there, so that no copy of this mail can pass for an answer.'
)
_NAMES_LEAD = "Domain names in it, as the net knows them:"
_LABEL_WIDTH = 13
_HANG = "    "


@dataclass(frozen=True, slots=True)
class Row:
    """An argument."""

    name: str
    value: Quoted


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    href: str
    tone: str
    """`go` or `stop`: its colour."""

    def __post_init__(self) -> None:
        # Escaping keeps it within its quotes, but would not keep a script from being its target.
        if not self.href.startswith("mailto:"):
            raise ValueError("a link of ours opens a mail, and nothing else")


@dataclass(frozen=True, slots=True)
class Section:
    """Printed in the order of its fields; empty ones are left out."""

    heading: str
    prose: tuple[str, ...] = ()
    quoted: Quoted | None = None
    rows: tuple[Row, ...] = ()
    links: tuple[Link, ...] = ()
    code: str = ""
    remark: str = ""

    @property
    def has_long_values(self) -> bool:
        """On a phone, two columns would leave a long value a few letters a line."""
        return any(
            len(text) > 30
            for row in self.rows
            for text in (row.name, *row.value.lines, *row.value.names)
        )


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    headline: str
    summary: Quoted
    sections: tuple[Section, ...]
    prose: tuple[str, ...] = ()
    risk: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    reference: str = ""
    """The reference line; '' where no token may stand."""


def as_text(letter: Letter) -> str:
    return _rendered("letter.txt.j2", letter).strip("\n") + "\n"


def as_html(letter: Letter) -> str:
    return _rendered("letter.html.j2", letter)


def _rendered(template: str, letter: Letter) -> str:
    rendered = _environment().get_template(template).render(letter=letter, legend="")
    # Known only now whether any of the parts is quoted, or dotted.
    sentences = (_LEGEND, FENCE), (_DOTTED, DOT)
    legend = " ".join(sentence for sentence, mark in sentences if mark in rendered)
    return _environment().get_template(template).render(letter=letter, legend=legend)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=lambda name: name is None or not name.endswith(".txt.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["fenced"] = lambda lines: "\n".join(fence(lines))
    environment.filters["row"] = _row
    environment.filters["fact"] = _fact
    environment.filters["wrap"] = wrap
    environment.globals["fence"] = FENCE
    environment.globals["names_lead"] = _NAMES_LEAD
    return environment


def _row(row: Row) -> str:
    # Set in, so that a value which is long enough cannot seem to be followed by another argument.
    value = f"\n{_HANG}".join(row.value.lines)
    return "\n".join(fence(tuple(f"{row.name} = {value}".split("\n")), _HANG))


def _fact(fact: tuple[str, str]) -> str:
    label, value = fact
    return wrap(value, f"{label}:".ljust(_LABEL_WIDTH), " " * _LABEL_WIDTH)
