"""The connection to Temporal, and the search attributes that make approvals findable."""

import asyncio
import logging
import os
import re
from pathlib import Path

from dotenv import dotenv_values
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfig
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)
from temporalio.service import RPCError, RPCStatusCode

from agent.errors import ConfigurationError, Unavailable
from agent.metrics import BUCKETS

log = logging.getLogger(__name__)

SEARCH_ATTRIBUTES = ("ApprovalStatus", "ApprovalRequestId")
_TRY_SECONDS = 5.0


async def connect(
    patience_seconds: float = 0, metrics_address: str | None = None, *, quiet: bool = False
) -> Client:
    """Connect as `TEMPORAL_*` and `.env` say. Raises Unavailable after `patience_seconds`.

    `quiet` keeps the SDK's own log back, which it writes among a command's output.
    """
    variables = {k: v for k, v in dotenv_values(Path(".env")).items() if v is not None}
    try:
        config = ClientConfig.load_client_connect_config(
            override_env_vars={**variables, **os.environ}
        )
    except (ValueError, RuntimeError) as error:
        raise ConfigurationError([f"Temporal's configuration: {error}"]) from error
    address = config.get("target_host") or "localhost:7233"
    config["target_host"] = address
    runtime = _silent_runtime() if quiet else _runtime(metrics_address)
    loop = asyncio.get_running_loop()
    end = loop.time() + patience_seconds
    pause = 1.0
    while True:
        try:
            async with asyncio.timeout(_TRY_SECONDS):
                return await Client.connect(
                    **config,
                    data_converter=pydantic_data_converter,
                    runtime=runtime,
                )
        except (RuntimeError, RPCError, TimeoutError) as error:
            fault = f"Temporal at {address} cannot be reached: {_reason(error)} (TEMPORAL_ADDRESS)"
            if loop.time() + pause > end:
                raise Unavailable(fault) from error
            log.warning("%s; next try in %.0f s", fault, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10.0)


async def register_search_attributes(client: Client) -> bool:
    """Add what is missing. False where the server forbids it: everything works without them."""
    service, namespace = client.operator_service, client.namespace
    try:
        listed = await service.list_search_attributes(
            ListSearchAttributesRequest(namespace=namespace)
        )
        missing = [name for name in SEARCH_ATTRIBUTES if name not in listed.custom_attributes]
        if missing:
            keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
            await service.add_search_attributes(
                AddSearchAttributesRequest(
                    namespace=namespace,
                    search_attributes=dict.fromkeys(missing, keyword),
                )
            )
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise ConfigurationError([f"TEMPORAL_NAMESPACE: there is no {namespace}"]) from error
        return error.status is RPCStatusCode.ALREADY_EXISTS
    return True


def _reason(error: Exception) -> str:
    """The SDK's own text is a dump of its layers; the innermost message is what people need."""
    text = " ".join(str(error).split())
    messages = re.findall(r'message: "([^"]+)"', text)
    return messages[-1] if messages else text[:200] or "no answer"


def _silent_runtime() -> Runtime:
    return Runtime(telemetry=TelemetryConfig(logging=None))


def _runtime(metrics_address: str | None) -> Runtime:
    # By default the SDK's core writes past our log, onto the console, and of a failure all that it
    # was about. Its fields, where that stands, are left out: the SDK's Python tells what broke.
    forwarding = LogForwardingConfig(
        logger=logging.getLogger("temporalio.core"),
        append_target_to_name=False,
        append_log_fields_to_message=False,
    )
    filtered = TelemetryFilter(core_level="WARN", other_level="ERROR")
    logs = LoggingConfig(filter=filtered, forwarding=forwarding)
    if metrics_address is None:
        return Runtime(telemetry=TelemetryConfig(logging=logs))
    prometheus = PrometheusConfig(
        bind_address=metrics_address,
        durations_as_seconds=True,
        histogram_bucket_overrides=BUCKETS,
    )
    try:
        return Runtime(telemetry=TelemetryConfig(logging=logs, metrics=prometheus))
    except (ValueError, RuntimeError) as error:
        fault = f"METRICS_ADDRESS: {metrics_address} cannot be served: {error}"
        raise ConfigurationError([fault]) from error
