"""Every failure the agent names.

AgentError
  x ConfigurationError   a setting is missing or wrong: exit code 2
  x Unavailable          a server refused us for good: exit code 1
  x BadArguments         a tool call whose arguments do not fit; goes back to the model
  x NotAllowed           the bounds forbid it: these approvers, this quorum, this many approvals
  x ToolError            a tool's own "no": nothing was done, and a retry would not help
  x OutcomeUnknown       a tool cannot tell whether it has acted, as any other error says of it
"""


class AgentError(Exception):
    """Base of all; its text is one line that says what is wrong and what to do."""


class ConfigurationError(AgentError):
    """One or more settings are missing or wrong; `faults` has one line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class Unavailable(AgentError):
    """A server does not let us in (credentials) or could not be reached in time."""


class BadArguments(AgentError):
    """Not retryable: the same arguments will never fit."""


class NotAllowed(AgentError):
    """Not retryable: the settings of this worker forbid it."""


class ToolError(AgentError):
    """Raised by a tool that has done nothing and would do nothing if tried again."""


class OutcomeUnknown(AgentError):
    """An idempotent tool is tried again, after `retry_after` seconds at the earliest; otherwise
    people are told that nobody knows."""

    def __init__(self, words: str, retry_after: float | None = None) -> None:
        super().__init__(words)
        self.retry_after = retry_after


BAD_REQUEST = "BadRequest"
"""The ApplicationError type of input that no retry can mend."""
