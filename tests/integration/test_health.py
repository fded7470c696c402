"""The file that says whether a worker is alive, as a real worker touches it."""

import signal
import time

import pytest

from agent.health import pulse_of
from tests.integration.office import Office
from tests.waiting import logged, until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]


async def test_a_mail_server_that_is_away_is_no_fault_of_the_worker(office, tmp_path):
    path = tmp_path / "alive"
    changes = {"SMTP_PORT": "1", "HEALTH_FILE": str(path)}
    async with office.worker(ready="next try in 2 s", **changes) as worker:
        await until(_there(path), "a beat")
        assert pulse_of(path, time.time())[0]
        worker.process.send_signal(signal.SIGTERM)
        assert await worker.process.wait() == 0
    assert not path.exists()


async def test_a_worker_that_temporal_does_not_answer_touches_nothing(
    office, temporal_process, tmp_path
):
    path = tmp_path / "alive"
    async with temporal_process.running() as server:
        environ = {**office.environ, "TEMPORAL_ADDRESS": server.address}
        cut_off = Office(server, office.mail, office.model, office.directory, office.agent, environ)
        async with cut_off.worker("--no-inbox", HEALTH_FILE=str(path)) as worker:
            assert path.exists()
            await temporal_process.kill()
            killed = time.time()
            await logged(worker, "HEALTH_FILE stays as it is: Temporal says UNAVAILABLE")
            assert path.stat().st_mtime < killed
            worker.process.kill()
            await worker.process.wait()


def _there(path):
    async def there():
        return path.exists()

    return there
