"""What a worker tells Prometheus beside Temporal's own metrics: names, units and labels.

Gauges hold what Temporal knows, not what this process did last: whichever worker is asked, and
whoever reads the mailbox, the answer is the same. Two more are counted by the workflows:
`approval_outcomes_total{outcome}` and `approval_decisions_ignored_total{reason}`.
"""

from datetime import UTC, datetime

from temporalio.client import Client
from temporalio.common import MetricMeter
from temporalio.runtime import Runtime

from agent.sorting import Sorted

SIGNAL_LATENCY = "approval_mail_signal_latency_seconds"
# A vote within the second is the rule; hours mean that nobody was reading.
BUCKETS = {SIGNAL_LATENCY: (0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 3_600.0, 86_400.0)}


def meter_of(client: Client) -> MetricMeter:
    """The meter of the client's runtime: without METRICS_ADDRESS it records nothing."""
    runtime = client.service_client.config.runtime or Runtime.default()
    return runtime.metric_meter


class Metrics:
    def __init__(self, meter: MetricMeter = MetricMeter.noop) -> None:
        self._messages = meter.create_counter(
            "approval_mail_messages_total", "Messages read and put away, by what they were."
        )
        self._refused = meter.create_counter(
            "approval_mail_refused_total", "Mail about approvals that did not count, by the gate."
        )
        self._latency = meter.create_histogram_float(
            SIGNAL_LATENCY, "From a message's arrival in the mailbox to its signal, in seconds."
        )
        self._reconnects = meter.create_counter(
            "approval_inbox_reconnects_total", "Times the reading of the mailbox broke off, by why."
        )
        self._sweep_age = meter.create_gauge_float(
            "approval_inbox_last_sweep_age_seconds", "Since the mailbox was last read to its end."
        )
        self._waiting = meter.create_gauge("approvals_waiting", "Approvals without an outcome.")
        self._oldest = meter.create_gauge_float(
            "approvals_oldest_waiting_age_seconds", "Of the one that has waited longest; 0: none."
        )

    def put_away(self, message: Sorted) -> None:
        self._messages.add(1, {"result": message.result})
        if message.refusal:
            self._refused.add(1, {"reason": message.refusal})

    def signalled(self, message: Sorted) -> None:
        signal = message.decision or message.notice
        if signal is not None and signal.received_at is not None:
            # INTERNALDATE counts whole seconds, by the mail server's clock.
            seconds = (datetime.now(UTC) - signal.received_at).total_seconds()
            self._latency.record(max(seconds, 0.0))

    def broke_off(self, error: Exception) -> None:
        self._reconnects.add(1, {"reason": type(error).__name__})

    def swept(self, at: datetime) -> None:
        self._sweep_age.set(max((datetime.now(UTC) - at).total_seconds(), 0.0))

    def waiting(self, count: int, oldest: datetime | None) -> None:
        self._waiting.set(count)
        age = (datetime.now(UTC) - oldest).total_seconds() if oldest else 0.0
        self._oldest.set(max(age, 0.0))
