"""How long Temporal waits before another try, where a server has asked for a pause."""

from datetime import timedelta

from temporalio import activity
from temporalio.common import RetryPolicy

from agent.retry_after import LONGEST_SECONDS

_ENOUGH = 32  # doublings: beyond every longest interval, and below what a float can hold


def next_delay(asked: float | None) -> timedelta | None:
    """The `next_retry_delay` of this activity's failure. None, for the retry policy's own interval,
    unless `asked` (seconds) is longer: a server that is down for an hour and says "in a second"
    each time would be asked every second, and an action's tries be used up within a few."""
    if asked is None or not asked > 0:
        return None
    wait = timedelta(seconds=min(asked, LONGEST_SECONDS))
    info = activity.info()
    own = _interval(info.retry_policy or RetryPolicy(), info.attempt)
    return wait if wait > own else None


def _interval(policy: RetryPolicy, attempt: int) -> timedelta:
    longest = policy.maximum_interval or 100 * policy.initial_interval
    factor = policy.backoff_coefficient ** min(attempt - 1, _ENOUGH)
    return min(policy.initial_interval * factor, longest)
