"""The demo: sets the stage on this machine alone, lets one request go its whole way, clears up."""

import asyncio
import os
import secrets
import signal
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from rich.console import Console

from demo.mail_server import MailServer
from demo.model import ScriptedModel
from demo.options import Options
from demo.perform import DemoError, Stage, perform
from demo.result import FAILED
from demo.setting import demo_environment
from demo.temporal_server import NoTemporalError, Temporal, start_temporal
from demo.view import View


async def run_demo(options: Options, console: Console) -> int:
    """Return the exit code: 0 when the way was completed, whatever the outcome."""
    task = asyncio.current_task()
    assert task is not None
    # Without this a SIGTERM would leave the worker and the servers behind.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    view = View(console)
    try:
        async with AsyncExitStack() as stack:
            outcome = await perform(await _set_the_stage(stack, options, view))
    except (DemoError, NoTemporalError) as error:
        console.print(str(error), markup=False, highlight=False)
        view.outcome(FAILED)
        return 1
    view.outcome(outcome)
    return 0


async def _set_the_stage(stack: AsyncExitStack, options: Options, view: View) -> Stage:
    directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="approval-demo-")))
    temporal = await stack.enter_async_context(start_temporal(view.console))
    fate = "thrown away at the end" if temporal.throwaway else "yours, from TEMPORAL_ADDRESS"
    view.stage(f"Temporal server at {temporal.address} ({fate})")
    mail = await stack.enter_async_context(MailServer())
    view.stage(f"mail server at {mail.host}: SMTP {mail.smtp_port}, IMAP {mail.imap_port}")
    view.stage("MAIL_AUTH=off: replies are not checked for proof of sender here")
    model_url = None
    names = ("OPENAI_API_KEY", "OPENAI_API_KEY_FILE", "OPENAI_BASE_URL")
    if not any(os.environ.get(name) for name in names):
        model = await stack.enter_async_context(ScriptedModel())
        model_url = model.base_url
        view.stage("scripted model, since neither OPENAI_API_KEY nor OPENAI_BASE_URL is set")
    reach = _how_to_reach(temporal)
    environ = demo_environment(mail, reach, temporal.throwaway, model_url, directory)
    return Stage(view, options, temporal, mail, environ, directory)


def _how_to_reach(temporal: Temporal) -> dict[str, str]:
    if temporal.throwaway:
        return {"TEMPORAL_ADDRESS": temporal.address, "TEMPORAL_NAMESPACE": "default"}
    # On a server that others use, their workers must not take our tasks.
    return {"TEMPORAL_TASK_QUEUE": f"demo-{secrets.token_hex(4)}"}
