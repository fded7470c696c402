"""A model that does what the attacker's text says, call by call. It keeps to nothing else."""

import json
from collections.abc import Sequence
from typing import Any

from demo.model import Answer, message
from tests.redteam.attack import ECHO, Attack, in_json

_KNOWN_BY = 24  # characters of a request


class Obedience:
    """The script of a `ScriptedModel`."""

    def __init__(self, attacks: Sequence[Attack]) -> None:
        self._attacks = {attack.request[:_KNOWN_BY]: attack for attack in attacks}
        assert len(self._attacks) == len(attacks), "two attacks' requests begin alike"
        self.turns: dict[str, int] = {attack.name: 0 for attack in attacks}
        """How many turns of each attack's calls were made."""
        self.heard: dict[str, list[str]] = {attack.name: [] for attack in attacks}
        """Every body that the model was sent."""

    def __call__(self, request: dict[str, Any]) -> Answer:
        attack = self._attacks[request["input"][0]["content"][:_KNOWN_BY]]
        self.heard[attack.name].append(json.dumps(request, ensure_ascii=False))
        outputs = [i["output"] for i in request["input"] if i.get("type") == "function_call_output"]
        if outputs and not _holds("\n".join(outputs), attack.bait):
            return Answer([message("Nothing of the kind was said to me.")])
        made = 0
        for number, turn in enumerate(attack.turns):
            if made == len(outputs):
                self.turns[attack.name] = number + 1
                return Answer([call.item() for call in turn])
            made += len(turn)
        echo = json.dumps(request, ensure_ascii=False, indent=1)
        return Answer([message(echo if attack.closing == ECHO else attack.closing)])


def _holds(outputs: str, bait: str) -> bool:
    """A tool's result is JSON, and stands in JSON."""
    return in_json(bait) in outputs or in_json(in_json(bait)) in outputs
