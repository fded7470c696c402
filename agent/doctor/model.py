"""Checks of the tools and of the model: one short call, made as the agent makes its own."""

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
_LIMIT = "the account's limit: wait, or see its credit"
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
        advice = advice_for(error)
        # What to do stands in the message, too, for the run's history; here it has its own line.
        said = error.message.replace(f"{advice}; it says: ", "").removesuffix(f": {advice}")
        return failed("model", f"{who}: {said}", advice)
    if proposal.failure:
        return failed("model", f"{who}: {proposal.failure}", _ELSE)
    if not proposal.text and not proposal.calls:
        return warning("model", f"{who} said nothing", "does OPENAI_MODEL take tools?")
    return ok("model", f"{who} answers, and takes the tools' schemas")


def advice_for(error: ApplicationError) -> str:
    """What `ProposeActivities.propose` advises, where it knows."""
    if error.details:
        return str(error.details[0])
    if "answered 429" in error.message:
        return _LIMIT
    unreached = "cannot be reached" in error.message or "has not answered" in error.message
    return _UNREACHED if unreached else _ELSE


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
