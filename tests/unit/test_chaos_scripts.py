"""What `make chaos` draws: every way of answering, and the same by the same seed."""

from collections import Counter
from random import Random

from demo.phrases import plan
from tests.chaos.scripts import draw


def test_every_way_is_drawn_as_often_as_any_other():
    names = Counter(script.name for script in draw(Random(7), 17 * 4))
    assert len(names) == 17
    assert set(names.values()) == {4}


def test_the_same_seed_draws_the_same():
    assert draw(Random(7), 40) == draw(Random(7), 40)
    assert draw(Random(7), 40) != draw(Random(8), 40)


def test_the_scripted_model_understands_every_request():
    for script in draw(Random(7), 300):
        calls = [call for turn in plan(script.action) for call in turn]
        assert len([call for call in calls if call.risky]) == script.approvals
        assert calls
