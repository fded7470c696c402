"""How long each activity may take and how it is retried; a reason for every number."""

from datetime import timedelta
from typing import Any

from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityCancellationType

PREPARE: dict[str, Any] = {
    # Settings and hashing only: a second would do, a loaded worker gets thirty.
    "start_to_close_timeout": timedelta(seconds=30),
    "retry_policy": RetryPolicy(maximum_interval=timedelta(seconds=30)),
}
ASSESS = PREPARE

# While they wait for somebody's server, activities beat every 5 s. The SDK hands a beat on when
# 0.8 of this time-out has passed: the 4 s that are left are for the way, and for a busy machine.
_SILENCE = timedelta(seconds=20)

PROPOSE: dict[str, Any] = {
    # Reasoning models think for minutes; the client's own limit lies 30 s below.
    "start_to_close_timeout": timedelta(seconds=330),
    "heartbeat_timeout": _SILENCE,
    # An outage of the model's service is waited out for a day, then the run fails.
    "schedule_to_close_timeout": timedelta(days=1),
    "retry_policy": RetryPolicy(maximum_interval=timedelta(minutes=5)),
}

_SEND: dict[str, Any] = {
    # Eight steps of SMTP at 20 s each at most, and the 60 s that a server may check the message.
    "start_to_close_timeout": timedelta(seconds=240),
    "heartbeat_timeout": _SILENCE,
}

NOTIFY: dict[str, Any] = {
    **_SEND,
    # Tried until the deadline (schedule_to_close is set there): greylisting wants minutes.
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=2)
    ),
    # A decision must not wait for a mail that is stuck: it may still arrive, which is harmless.
    "cancellation_type": ActivityCancellationType.TRY_CANCEL,
}
SHORTEST_TRY = timedelta(seconds=5)

ANSWER: dict[str, Any] = {
    **_SEND,
    # What was approved runs when the answers are out: a mail outage may hold it up this long.
    "schedule_to_close_timeout": timedelta(minutes=5),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30)
    ),
}

TELL: dict[str, Any] = {
    **_SEND,
    # Nothing waits for it but whoever asked; an outage of an hour is common, of a day is not.
    "schedule_to_close_timeout": timedelta(hours=1),
    "retry_policy": RetryPolicy(maximum_interval=timedelta(minutes=2)),
}

SWEEP: dict[str, Any] = {
    # schedule_to_close is EXPIRY_GRACE; within it a lost worker's sweep is tried again elsewhere.
    "start_to_close_timeout": timedelta(seconds=30),
    "retry_policy": RetryPolicy(maximum_interval=timedelta(seconds=5)),
    # Other approvals share it: one that has ended meanwhile lets it go on.
    "cancellation_type": ActivityCancellationType.ABANDON,
}

_EXECUTE: dict[str, Any] = {
    # A tool may work for an hour; a lost worker is noticed by its missing heartbeats in 30 s.
    "start_to_close_timeout": timedelta(hours=1),
    "heartbeat_timeout": timedelta(seconds=30),
}
EXECUTE_IDEMPOTENT: dict[str, Any] = {
    **_EXECUTE,
    # The request id is the key, so trying again is safe: about ten minutes of it.
    "retry_policy": RetryPolicy(maximum_attempts=8, maximum_interval=timedelta(minutes=5)),
}
EXECUTE_ONCE: dict[str, Any] = {
    **_EXECUTE,
    "retry_policy": RetryPolicy(maximum_attempts=1),
}

WATCH_INBOX: dict[str, Any] = {
    # The activity returns by itself after six hours; this ends one that does not.
    "start_to_close_timeout": timedelta(hours=12),
    # It beats every 5 s while its step is in time; another worker reads on after 20 s of silence.
    "heartbeat_timeout": timedelta(seconds=20),
    # Coefficient 1: the attempts of months must not make the next take-over slower.
    "retry_policy": RetryPolicy(initial_interval=timedelta(seconds=1), backoff_coefficient=1),
}
