"""What the demo shows comes in the order in which it happened, whoever told it first."""

import io
from datetime import UTC, datetime, timedelta
from functools import partial

from rich.console import Console

from demo.timeline import Timeline
from demo.view import View

START = datetime(2026, 11, 23, 7, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_what_was_told_late_still_comes_in_its_place():
    shown: list[str] = []
    timeline = Timeline()
    for seconds, what in ((2, "reply"), (0, "started"), (1, "mailed")):
        timeline.add(later(seconds), partial(shown.append, what))
    timeline.release(later(1))
    assert shown == ["started", "mailed"]
    timeline.add(later(1.5), lambda: shown.append("read"))
    timeline.release()
    assert shown == ["started", "mailed", "read", "reply"]


def test_of_one_moment_the_one_told_first_comes_first():
    shown: list[int] = []
    timeline = Timeline()
    for number in range(20):
        timeline.add(START, partial(shown.append, number))
    timeline.release()
    assert shown == list(range(20))


def view() -> tuple[View, io.StringIO]:
    out = io.StringIO()
    return View(Console(file=out, width=200)), out


def test_the_view_shows_at_once_what_nothing_can_precede():
    demo, out = view()
    demo.stage("worker started")
    assert "worker started" in out.getvalue()


def test_the_view_holds_back_until_what_came_before_is_known():
    demo, out = view()
    with demo.in_order():
        demo.stage("reply sent", later(3))
        assert out.getvalue() == ""
        demo.event("agent", {"n": 1, "at": "2026-11-23T07:00:01Z", "kind": "started"})
        demo.release(later(2))
        assert "run started" in out.getvalue() and "reply sent" not in out.getvalue()
    assert out.getvalue().index("run started") < out.getvalue().index("reply sent")


def test_what_was_held_back_is_shown_even_if_the_demo_breaks():
    demo, out = view()
    try:
        with demo.in_order():
            demo.stage("request started")
            raise RuntimeError
    except RuntimeError:
        pass
    assert "request started" in out.getvalue()
