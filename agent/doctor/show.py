"""How the findings are shown: a line each as they come, then what to do about them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from time import monotonic

from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text

from agent.display import print_json
from agent.doctor.finding import Finding, State
from mail.text import visible

Masked = Callable[[str], str]

_MARKS = dict(zip(State, "✓!✗––", strict=True))
_ASCII = dict(zip(State, "+!X--", strict=True))
_STYLES = dict(zip(State, ("green", "yellow", "bold red", "dim", "dim"), strict=True))
_WORDS = {
    State.OK: "fine",
    State.WARNING: "to look at",
    State.FAILED: "failed",
    State.NOTE: "for information",
    State.SKIPPED: "not checked",
}
_CHECK_WIDTH = len("authentication-results")
_WIDEST = 120


class Screen:
    """For people: on a terminal with colours and what goes on now, else plain lines."""

    def __init__(self, mask: Masked, console: Console) -> None:
        self._console = console
        self._mask = mask
        self._status: Status | None = None
        self._began = monotonic()
        self._skipped: list[Finding] = []
        self._marks = _MARKS if _takes(_MARKS, console.encoding) else _ASCII

    def begin(self, title: str) -> None:
        self._tell_skipped()
        self._console.print(Text(title, style="bold"))
        self.say(f"{title} …")

    def say(self, what: str) -> None:
        """What goes on now; only seen on a terminal."""
        if not self._console.is_terminal:
            return
        if self._status is None:
            self._status = self._console.status("", spinner="dots")
            self._status.start()
        self._status.update(Text(self._mask(what), style="dim"))

    def found(self, finding: Finding) -> None:
        if self._skipped and finding.detail != self._skipped[0].detail:
            self._tell_skipped()
        if finding.state is State.SKIPPED:
            self._skipped.append(finding)
        else:
            self._tell(finding)

    def end(self, findings: Sequence[Finding]) -> None:
        self._tell_skipped()
        self.stop()
        to_do = [f for f in findings if f.state in (State.FAILED, State.WARNING)]
        if to_do and self._console.is_terminal:
            self._console.print()
            self._console.print(self._to_do(to_do))
        counts = Counter(finding.state for finding in findings)
        said = [f"{counts[state]} {word}" for state, word in _WORDS.items() if counts[state]]
        self._console.print(Text(f"\n{', '.join(said)}; {monotonic() - self._began:.0f} s"))

    def stop(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None

    def _tell_skipped(self) -> None:
        """In one line what is not checked for one reason."""
        skipped, self._skipped = self._skipped, []
        if skipped:
            word, _, reason = skipped[0].detail.partition(": ")
            names = ", ".join(finding.check for finding in skipped)
            self._tell(replace(skipped[0], check=word, detail=f"{names}: {reason}"))

    def _tell(self, finding: Finding) -> None:
        if self._console.is_terminal:
            self._console.print(self._row(finding))
            return
        time = f" ({_time(finding)})" if _time(finding) else ""
        self._line(f"  {self._marks[finding.state]} {finding.check}: {finding.detail}{time}")
        if finding.advice:
            self._line(f"      {finding.advice}")

    def _row(self, finding: Finding) -> Table:
        words = Text(self._shown(finding.detail))
        if finding.advice and finding.state is State.NOTE:
            words.append(f"\n{self._shown(finding.advice)}", style="dim")
        style = _STYLES[finding.state]
        table = Table.grid(padding=(0, 1), expand=True)
        table.width = min(self._console.width, _WIDEST)
        table.add_column(width=3, justify="right")
        table.add_column(width=_CHECK_WIDTH, no_wrap=True)
        table.add_column(ratio=1, overflow="fold")
        table.add_column(width=6, justify="right", no_wrap=True)
        table.add_row(
            Text(self._marks[finding.state], style=style),
            Text(finding.check, style="" if finding.state is State.OK else style),
            words,
            Text(_time(finding), style="dim"),
        )
        return table

    def _to_do(self, findings: Sequence[Finding]) -> Table:
        """What failed first; checks with the same advice together."""
        together: dict[tuple[bool, str], list[Finding]] = defaultdict(list)
        for finding in findings:
            together[finding.state is not State.FAILED, finding.advice].append(finding)
        table = Table(title="What to do", title_justify="left", title_style="bold")
        table.add_column("", no_wrap=True)
        table.add_column("check", no_wrap=True)
        table.add_column("what to do", overflow="fold")
        for (_, advice), same in sorted(together.items(), key=lambda item: item[0][0]):
            style = _STYLES[same[0].state]
            mark = Text(self._marks[same[0].state], style=style)
            checks = Text("\n".join(finding.check for finding in same), style=style)
            table.add_row(mark, checks, Text(self._shown(advice)))
        return table

    def _shown(self, text: str) -> str:
        return visible(self._mask(text))

    def _line(self, text: str) -> None:
        # Not folded: whoever reads a log folds it.
        self._console.print(Text(self._shown(text)), soft_wrap=True)


class Silent:
    """For whoever takes the findings as they are."""

    def begin(self, title: str) -> None: ...

    def say(self, what: str) -> None: ...

    def found(self, finding: Finding) -> None: ...

    def end(self, findings: Sequence[Finding]) -> None: ...

    def stop(self) -> None: ...


class Document(Silent):
    """For programs, who get it all at the end, as JSON."""

    def __init__(self, mask: Masked) -> None:
        self._mask = mask

    def end(self, findings: Sequence[Finding]) -> None:
        print_json([self._masked(finding).as_json() for finding in findings])

    def _masked(self, finding: Finding) -> Finding:
        detail, advice = self._mask(finding.detail), self._mask(finding.advice)
        return replace(finding, detail=detail, advice=advice)


def _takes(marks: dict[State, str], encoding: str) -> bool:
    """Whether the terminal's encoding has them."""
    try:
        "".join(marks.values()).encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _time(finding: Finding) -> str:
    return f"{finding.seconds:.1f} s" if finding.seconds >= 0.05 else ""
