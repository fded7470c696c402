"""Checks of the tools and of the model: one short call, made as the agent makes its own."""

import re
from collections.abc import AsyncGenerator

from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from agent.activities.propose import ProposeActivities, make_client
from agent.doctor.finding import Finding, failed, ok, warning
from agent.errors import ConfigurationError
from agent.jobs import Proposal, ProposeInput
from agent.settings import Settings
from agent.tools.collecting import load_registry
from agent.tools.registry import Registry

_ASKED = "This tests the connection. Call no tool; answer with the word: ready"
_STATUS = re.compile(r"answered (\d{3})\b")
_BY_STATUS = {
    "401": "OPENAI_API_KEY: the server does not know this key",
    "403": "OPENAI_API_KEY: it may not use OPENAI_MODEL",
    "404": "OPENAI_MODEL or OPENAI_BASE_URL is wrong; "
    "or the server has Chat Completions only: OPENAI_API=chat",
    "405": "OPENAI_BASE_URL is wrong, or the server has Chat Completions only: OPENAI_API=chat",
    "429": "the account's limit: wait, or see its credit",
}
_SCHEMA = "the server takes no strict schemas: OPENAI_STRICT_SCHEMAS=off; or a tool's types are odd"
_UNREACHED = "OPENAI_BASE_URL, its server, or a firewall"
_ELSE = "see the server's log; OPENAI_MODEL and OPENAI_API have to fit it"


async def check_tools(settings: Settings) -> AsyncGenerator[Finding, None]:
    try:
        names = [schema["name"] for schema in load_registry(settings).schemas()]
    except ConfigurationError as error:
        advice = "mend the tool, or AGENT_TOOLS; no worker starts so"
        yield failed("tools", str(error), advice, configuration=True)
    else:
        yield ok("tools", f"{len(names)}: {', '.join(names)}")


async def check_model(settings: Settings) -> AsyncGenerator[Finding, None]:
    """With the tools' schemas, if there are any to go along."""
    try:
        registry = load_registry(settings)
    except ConfigurationError:
        registry = Registry([])
    yield await _model_finding(settings, registry)


async def _model_finding(settings: Settings, registry: Registry) -> Finding:
    who = f"{settings.openai_model} ({settings.openai_api})"
    try:
        proposal = await _asked(settings, registry)
    except ApplicationError as error:
        return failed("model", f"{who}: {error.message}", advice_for(error.message))
    if proposal.failure:
        return failed("model", f"{who}: {proposal.failure}", _ELSE)
    if not proposal.text and not proposal.calls:
        return warning("model", f"{who} said nothing", "does OPENAI_MODEL take tools?")
    return ok("model", f"{who} answers, and takes the tools' schemas")


def advice_for(said: str) -> str:
    """By the error of `ProposeActivities.propose`."""
    match = _STATUS.search(said)
    if "schema" in said.lower():
        return _SCHEMA
    if match:
        return _BY_STATUS.get(match[1], _ELSE)
    return _UNREACHED if "cannot be reached" in said or "has not answered" in said else _ELSE


async def _asked(settings: Settings, registry: Registry) -> Proposal:
    key = settings.openai_api_key
    secret = key.get_secret_value() if key else ""
    async with make_client(secret, settings.openai_base_url) as client:
        strict = settings.openai_strict_schemas == "on"
        activities = ProposeActivities(
            client, settings.openai_model, registry, settings.openai_api, strict
        )
        job = ProposeInput(user_request=_ASKED)
        # The activity beats while it waits, which only works inside of one.
        return await ActivityEnvironment().run(activities.propose, job)
