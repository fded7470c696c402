"""How the findings are shown: a line each as they come, then what to do about them; or as JSON."""

from collections import Counter
from collections.abc import Callable, Sequence
from time import monotonic

from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text

from agent.doctor.finding import Finding, State
from mail.text import visible

Masked = Callable[[str], str]

_MARKS = {State.OK: "✓", State.WARNING: "!", State.FAILED: "✗", State.NOTE: "–"}
_ASCII = {State.OK: "+", State.WARNING: "!", State.FAILED: "X", State.NOTE: "-"}
_STYLES = {
    State.OK: "green",
    State.WARNING: "yellow",
    State.FAILED: "bold red",
    State.NOTE: "dim",
}
_WORDS = {
    State.OK: "fine",
    State.WARNING: "to look at",
    State.FAILED: "failed",
    State.NOTE: "for information",
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
        self._title = ""
        self._marks = _MARKS if _takes(_MARKS, console.encoding) else _ASCII

    def begin(self, title: str) -> None:
        if title != self._title:
            self._print(Text(title, style="bold"))
        self._title = title
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
        if self._console.is_terminal:
            self._print(self._row(finding))
            return
        time = f" ({_time(finding)})" if _time(finding) else ""
        self._line(f"  {self._marks[finding.state]} {finding.check}: {finding.detail}{time}")
        if finding.advice:
            self._line(f"      {finding.advice}")

    def end(self, findings: Sequence[Finding]) -> None:
        self.stop()
        to_do = [f for f in findings if f.state in (State.FAILED, State.WARNING)]
        if to_do and self._console.is_terminal:
            self._print(Text())
            self._print(self._to_do(to_do))
        counts = Counter(finding.state for finding in findings)
        said = [f"{counts[state]} {word}" for state, word in _WORDS.items() if counts[state]]
        self._print(Text(f"\n{', '.join(said)}; {monotonic() - self._began:.0f} s"))

    def stop(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None

    def _row(self, finding: Finding) -> Table:
        table = self._grid()
        words = Text(self._shown(finding.detail))
        if finding.advice and finding.state is State.NOTE:
            words.append(f"\n{self._shown(finding.advice)}", style="dim")
        style = _STYLES[finding.state]
        table.add_row(
            Text(self._marks[finding.state], style=style),
            Text(finding.check, style="" if finding.state is State.OK else style),
            words,
            Text(_time(finding), style="dim"),
        )
        return table

    def _grid(self) -> Table:
        width = min(self._console.width, _WIDEST)
        table = Table.grid(padding=(0, 1), expand=True)
        table.width = width
        table.add_column(width=3, justify="right")
        table.add_column(width=_CHECK_WIDTH, no_wrap=True)
        table.add_column(ratio=1, overflow="fold")
        table.add_column(width=6, justify="right", no_wrap=True)
        return table

    def _to_do(self, findings: Sequence[Finding]) -> Table:
        table = Table(title="What to do", title_justify="left", title_style="bold")
        table.add_column("", no_wrap=True)
        table.add_column("check", no_wrap=True)
        table.add_column("what to do", overflow="fold")
        for finding in sorted(findings, key=lambda f: f.state is not State.FAILED):
            style = _STYLES[finding.state]
            mark = Text(self._marks[finding.state], style=style)
            table.add_row(mark, Text(finding.check, style=style), Text(self._shown(finding.advice)))
        return table

    def _shown(self, text: str) -> str:
        return visible(self._mask(text))

    def _print(self, what: Table | Text) -> None:
        self._console.print(what)

    def _line(self, text: str) -> None:
        # Not folded: whoever reads a log folds it.
        self._console.print(Text(self._shown(text)), soft_wrap=True)


class Silent:
    """For programs, who get it all at the end."""

    def begin(self, title: str) -> None: ...

    def say(self, what: str) -> None: ...

    def found(self, finding: Finding) -> None: ...

    def end(self, findings: Sequence[Finding]) -> None: ...

    def stop(self) -> None: ...


def _takes(marks: dict[State, str], encoding: str) -> bool:
    """Whether the terminal's encoding has them."""
    try:
        "".join(marks.values()).encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _time(finding: Finding) -> str:
    return f"{finding.seconds:.1f} s" if finding.seconds >= 0.05 else ""
