"""What tests share: real servers, and the rule that nothing may be skipped where CI is set."""

import gc
import os
from collections.abc import AsyncIterator
from typing import TypeVar

import pytest
import pytest_asyncio
from rich.console import Console
from temporalio.common import SearchAttributeKey

from demo.mail_server import MailServer
from demo.temporal_server import NoTemporalError, Temporal, start_temporal
from tests.planted import PASSWORD

pytest_plugins = ["tests.hung", "tests.leaks"]

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def pytest_collection_finish():
    """Twelve thousand tests are no garbage, and looking through them stops every thread."""
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    return _forbid_skip(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    return _forbid_skip(report)


def _forbid_skip(report: Report) -> Report:
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which is forbidden where CI is set: {report.longrepr}"
    return report


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def temporal() -> AsyncIterator[Temporal]:
    """A dev server for all tests, with the search attributes a worker would register."""
    names = ("ApprovalStatus", "ApprovalRequestId")
    attributes = [SearchAttributeKey.for_keyword(name) for name in names]
    try:
        async with start_temporal(Console(stderr=True), attributes) as server:
            yield server
    except NoTemporalError as error:
        pytest.skip(str(error))


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    async with MailServer(password=PASSWORD) as server:
        yield server
