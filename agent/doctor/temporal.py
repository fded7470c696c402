"""Checks of Temporal: who answers, what it keeps, what approvals can be found by, its clock."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.taskqueue.v1 import PollerInfo, TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    DescribeTaskQueueRequest,
    GetSystemInfoRequest,
    PollWorkflowTaskQueueRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from agent.connect import SEARCH_ATTRIBUTES, connect
from agent.doctor.finding import Finding, failed, note, ok, skipped, warning
from agent.doctor.server_clock import Reading, finding_of
from agent.durations import format_duration
from agent.errors import ConfigurationError, Unavailable

TIMEOUT = timedelta(seconds=5)
"""For one answer."""
CHECKS = ("temporal", "namespace", "search-attributes", "temporal-clock")
_CLOCK_QUEUE = "doctor-clock"
_START = (
    "start it (`temporal server start-dev --db-filename approvals.db`), or mend TEMPORAL_ADDRESS"
)
_KEY = "TEMPORAL_API_KEY, or the certificate: the server lets nobody in with this one"
_DENIED = (RPCStatusCode.UNAUTHENTICATED, RPCStatusCode.PERMISSION_DENIED)


class TemporalChecks:
    """Holds the connection for the checks that come after."""

    def __init__(self) -> None:
        self._client: Client | None = None

    @property
    def client(self) -> Client:
        assert self._client is not None, "it is not connected yet"
        return self._client

    async def run(self) -> AsyncGenerator[Finding, None]:
        try:
            client = await connect(quiet=True)
            told = await client.workflow_service.get_system_info(
                GetSystemInfoRequest(), timeout=TIMEOUT
            )
        except ConfigurationError as error:
            advice = "mend TEMPORAL_* in .env, or the file that TEMPORAL_CONFIG_FILE names"
            yield failed("temporal", str(error), advice, configuration=True)
        except (Unavailable, RPCError) as error:
            yield failed("temporal", _words(error), _KEY if _is_denied(error) else _START)
        else:
            address = client.service_client.config.target_host
            yield ok("temporal", f"{address} answers, version {told.server_version}")
            self._client = client
        if self._client is None:
            for check in CHECKS[1:]:
                yield skipped(check, "Temporal is not reached")
            return
        namespace = await namespace_finding(self._client)
        yield namespace
        if namespace.configuration:
            for check in CHECKS[2:]:
                yield skipped(check, namespace.detail)
            return
        yield await search_attributes_finding(self._client)
        yield await clock_finding(self._client)


async def namespace_finding(client: Client) -> Finding:
    name = client.namespace
    try:
        told = await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace=name), timeout=TIMEOUT
        )
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            advice = f"mend TEMPORAL_NAMESPACE, or `temporal operator namespace create -n {name}`"
            return failed("namespace", f"there is no {name}", advice, configuration=True)
        return _not_told("namespace", name, error)
    kept = told.config.workflow_execution_retention_ttl.ToTimedelta()
    # Whether it keeps anything over a restart no server tells.
    ended = f"ended runs are kept for {format_duration(kept.total_seconds())}"
    return ok("namespace", f"{name}; {ended}" if kept else name)


async def search_attributes_finding(client: Client) -> Finding:
    try:
        listed = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=client.namespace), timeout=TIMEOUT
        )
    except RPCError as error:
        return _not_told("search-attributes", "whether they are there", error)
    missing = [name for name in SEARCH_ATTRIBUTES if name not in listed.custom_attributes]
    if not missing:
        return ok("search-attributes", f"{', '.join(SEARCH_ATTRIBUTES)} are there")
    return note(
        "search-attributes",
        f"not there yet: {', '.join(missing)}",
        "the worker adds them at its start; where the server forbids that it goes on without",
    )


async def clock_finding(client: Client) -> Finding:
    """The server notes when somebody asks a task queue for work: we ask one that nobody uses."""
    me = f"doctor-{secrets.token_hex(4)}"
    queue = TaskQueue(name=_CLOCK_QUEUE)
    began = datetime.now(UTC)
    asking = asyncio.ensure_future(
        client.workflow_service.poll_workflow_task_queue(
            PollWorkflowTaskQueueRequest(namespace=client.namespace, task_queue=queue, identity=me),
            timeout=TIMEOUT,
        )
    )
    try:
        said = await _seen(client, me)
    except RPCError as error:
        return _not_told("temporal-clock", "its time", error)
    finally:
        asking.cancel()
        with contextlib.suppress(asyncio.CancelledError, RPCError):
            await asking
    if said is None:
        return note("temporal-clock", "the server does not tell its time")
    return finding_of("temporal-clock", {"Temporal": Reading(said, began, datetime.now(UTC))})


async def _seen(client: Client, identity: str) -> datetime | None:
    loop = asyncio.get_running_loop()
    end = loop.time() + TIMEOUT.total_seconds()
    while loop.time() < end:
        for poller in await pollers(client, _CLOCK_QUEUE):
            if poller.identity == identity:
                return poller.last_access_time.ToDatetime(UTC)
        await asyncio.sleep(0.05)
    return None


async def pollers(client: Client, queue: str) -> list[PollerInfo]:
    """Who has asked this queue for workflow tasks within the last minutes. Raises RPCError."""
    told = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        ),
        timeout=TIMEOUT,
    )
    return list(told.pollers)


def _not_told(check: str, what: str, error: RPCError) -> Finding:
    """No failure of ours where the server only does not say it (Temporal Cloud, narrow rights)."""
    if error.status in (*_DENIED, RPCStatusCode.UNIMPLEMENTED):
        return note(check, f"the server does not tell {what}: {error.status.name}")
    return warning(check, f"{what}: {_words(error)}", "try again; then see the server's log")


def _is_denied(error: Exception) -> bool:
    if isinstance(error, RPCError) and error.status in _DENIED:
        return True
    return any(word in str(error).lower() for word in ("unauthorized", "unauthenticated"))


def _words(error: Exception) -> str:
    if isinstance(error, RPCError):
        return f"it answered {error.status.name}: {' '.join(error.message.split())[:200]}"
    return str(error)
