"""Decisions that do not count, on record and as a metric. Part of both workflows."""

from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from agent.trail import Trail

_IGNORED = "approval_decisions_ignored_total"


def ignore(trail: Trail, why: str, **fields: Any) -> None:
    """`why` is a Ruling, or a word for what never came to a ballot."""
    trail.add(workflow.now(), "decision_ignored", why=why, **fields)
    ignored = workflow.metric_meter().create_counter(_IGNORED, "Decisions that did not count.")
    ignored.add(1, {"reason": str(why)})
