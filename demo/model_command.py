"""The scripted model as a command: for a worker that has no other, such as one in a container."""

import asyncio
import signal

from rich.console import Console

from demo.model import ScriptedModel


async def serve_model(console: Console, host: str, port: int) -> int:
    """Serve until SIGINT or SIGTERM; a request that is being answered is not waited for."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        async with ScriptedModel(port=port, host=host) as model:
            console.print(_settings(model.base_url), markup=False, highlight=False, soft_wrap=True)
            await stop.wait()
    except OSError as error:
        said = f"the model cannot start: {error}; --port names another"
        console.print(said, markup=False, highlight=False, soft_wrap=True)
        return 1
    return 0


def _settings(base_url: str) -> str:
    return "\n".join(
        [
            "Scripted model: it understands a few sentences, and knows nothing else:",
            f"  OPENAI_BASE_URL  {base_url}",
            "  OPENAI_API_KEY   any word",
            "  OPENAI_MODEL     any name",
            "  OPENAI_API       responses or chat",
            'Asked to \'Call TOOL {"argument": "value"}\' it calls that tool of the worker.',
            "Ctrl-C ends it.",
        ]
    )
