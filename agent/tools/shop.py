"""The sample tools: a small shop in SQLite, where one row of `effects` is one effect."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from agent.errors import ConfigurationError, ToolError
from agent.models import Risk, rfc3339
from agent.settings import Settings
from agent.tools.registry import ToolContext, tool

_SCHEMA = (
    """create table if not exists orders(
    id integer primary key, total text not null, currency text not null, status text not null)""",
    """create table if not exists effects(
    request_id text not null, tool text not null, arguments text not null, at text not null)""",
)
# Errors that a retry a moment later may not meet: another worker writes, the disk is busy.
_PASSING = ("locked", "busy")

OrderId = Annotated[int, Field(ge=1, description="The order's number, such as 1042.")]
Money = Annotated[
    str,
    Field(pattern=r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,2})?$", description="As decimal: 120.00"),
]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217 code: EUR")]


def make_tools(settings: Settings) -> list["Shop"]:
    """What the worker collects from. Raises ConfigurationError if the database cannot be used."""
    shop, path = Shop(settings.shop_database), settings.shop_database
    try:
        shop.prepare()
    except (ToolError, sqlite3.Error) as error:
        raise ConfigurationError([f"SHOP_DATABASE: {path} cannot be used: {error}"]) from error
    return [shop]


class Shop:
    """Orders 1001 to 1050. A sync tool runs in a thread, so every call has its own connection."""

    def __init__(self, database: Path) -> None:
        self._database = database

    def prepare(self) -> None:
        """Create the tables and orders that are missing. Raises ToolError if that cannot be."""
        with self._transaction() as connection:
            for statement in _SCHEMA:
                connection.execute(statement)
            rows = [(n, f"{150 + n * 37 % 400}.00", "EUR", "shipped") for n in range(1001, 1051)]
            connection.executemany("insert or ignore into orders values(?, ?, ?, ?)", rows)

    @tool(risk=Risk.LOW, idempotent=True, summary="Look up order {order_id}")
    def lookup_order(self, order_id: OrderId) -> dict[str, Any]:
        """Look up one order: its total, currency and status."""
        with self._transaction() as connection:
            total, currency, status = _order(connection, order_id)
        return {"order_id": order_id, "total": total, "currency": currency, "status": status}

    @tool(
        risk=Risk.HIGH,
        idempotent=True,
        summary="Refund {amount} {currency} for order {order_id}",
    )
    def refund_order(
        self, order_id: OrderId, amount: Money, currency: Currency, context: ToolContext
    ) -> str:
        """Pay money back to the customer of an order."""
        if float(amount) == 0:
            raise ToolError("a refund of nothing: the amount must be above 0")
        arguments = {"order_id": order_id, "amount": amount, "currency": currency}
        with self._transaction() as connection:
            _order(connection, order_id)
            _effect(connection, context, "refund_order", arguments)
        return f"Refunded {amount} {currency} for order {order_id}"

    @tool(risk=Risk.MEDIUM, idempotent=True, summary="Cancel order {order_id}")
    def cancel_order(self, order_id: OrderId, context: ToolContext) -> str:
        """Cancel one order."""
        with self._transaction() as connection:
            _order(connection, order_id)
            if _effect(connection, context, "cancel_order", {"order_id": order_id}):
                connection.execute(
                    "update orders set status = 'cancelled' where id = ?", [order_id]
                )
        return f"Cancelled order {order_id}"

    @tool(risk=Risk.HIGH, summary="Delete all test data from {environment}")
    def delete_test_data(
        self,
        environment: Annotated[str, Field(min_length=1, max_length=100)],
        context: ToolContext,
    ) -> str:
        """Delete all test data from an environment, such as the production database."""
        with self._transaction() as connection:
            # Not idempotent on purpose: the sample of a tool that must never be tried twice.
            _record(connection, context, "delete_test_data", {"environment": environment})
        return f"Deleted all test data from {environment}"

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Commit or roll back as a whole, so that an error always means: nothing was done."""
        connection: sqlite3.Connection | None = None
        try:
            connection = sqlite3.connect(self._database, timeout=10, isolation_level=None)
            connection.execute("begin immediate")
            yield connection
            connection.execute("commit")
        except sqlite3.OperationalError as error:
            if any(word in str(error) for word in _PASSING):
                raise
            raise ToolError(f"the shop's database refused, nothing was changed: {error}") from error
        finally:
            if connection is not None:
                connection.close()


def _order(connection: sqlite3.Connection, order_id: int) -> tuple[str, str, str]:
    row = connection.execute(
        "select total, currency, status from orders where id = ?", [order_id]
    ).fetchone()
    if row is None:
        raise ToolError(f"there is no order {order_id}")
    return row[0], row[1], row[2]


def _effect(
    connection: sqlite3.Connection, context: ToolContext, name: str, arguments: dict[str, Any]
) -> bool:
    """Record an effect once per request id; False if an earlier attempt did."""
    done = connection.execute(
        "select 1 from effects where request_id = ? and tool = ?", [context.request_id, name]
    ).fetchone()
    if done is None:
        _record(connection, context, name, arguments)
    return done is None


def _record(
    connection: sqlite3.Connection, context: ToolContext, name: str, arguments: dict[str, Any]
) -> None:
    connection.execute(
        "insert into effects values(?, ?, ?, ?)",
        [context.request_id, name, json.dumps(arguments), rfc3339(datetime.now(UTC))],
    )
