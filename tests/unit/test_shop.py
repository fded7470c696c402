"""The sample tools: one row an effect, all or nothing, and clear words when the disk is full."""

import json
import sqlite3
from collections.abc import Callable

import pytest

from agent.errors import ToolError
from agent.tools.registry import ToolContext
from agent.tools.shop import Shop

CONTEXT = ToolContext("AR-7K2M9QXD4T")
OTHER = ToolContext("AR-7K2M9QXD4V")


@pytest.fixture
def database(tmp_path):
    return tmp_path / "shop.sqlite3"


@pytest.fixture
def shop(database) -> Shop:
    shop = Shop(database)
    shop.prepare()
    return shop


def rows(database, query: str) -> list[tuple]:
    connection = sqlite3.connect(database)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def effects(database) -> list[tuple]:
    return rows(database, "select request_id, tool, arguments from effects order by rowid")


EFFECTS: dict[str, Callable[[Shop, ToolContext], str]] = {
    "refund_order": lambda shop, context: shop.refund_order(1042, "120.00", "EUR", context),
    "cancel_order": lambda shop, context: shop.cancel_order(1042, context),
    "delete_test_data": lambda shop, context: shop.delete_test_data("production", context),
}


def test_the_orders_of_the_contract_are_there_once(shop, database):
    shop.prepare()
    assert rows(database, "select min(id), max(id), count(*) from orders") == [(1001, 1050, 50)]


def test_preparing_again_keeps_what_was_done(shop, database):
    shop.cancel_order(1042, CONTEXT)
    shop.prepare()
    assert rows(database, "select status from orders where id = 1042") == [("cancelled",)]
    assert len(effects(database)) == 1


def test_looking_up_has_no_effect(shop, database):
    found = shop.lookup_order(1042)
    assert (found["order_id"], found["currency"], found["status"]) == (1042, "EUR", "shipped")
    assert effects(database) == []


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("refund_order", {"order_id": 1042, "amount": "120.00", "currency": "EUR"}),
        ("cancel_order", {"order_id": 1042}),
        ("delete_test_data", {"environment": "production"}),
    ],
)
def test_an_effect_is_one_row(shop, database, name, arguments):
    EFFECTS[name](shop, CONTEXT)
    ((request_id, tool, written),) = effects(database)
    assert (request_id, tool, json.loads(written)) == (CONTEXT.request_id, name, arguments)


@pytest.mark.parametrize("name", ["refund_order", "cancel_order"])
def test_trying_an_idempotent_tool_again_has_no_second_effect(shop, database, name):
    first = EFFECTS[name](shop, CONTEXT)
    assert EFFECTS[name](shop, CONTEXT) == first
    assert len(effects(database)) == 1
    EFFECTS[name](shop, OTHER)
    assert len(effects(database)) == 2


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (lambda shop: shop.lookup_order(999), "there is no order 999"),
        (lambda shop: shop.cancel_order(999, CONTEXT), "there is no order 999"),
        (lambda shop: shop.refund_order(999, "1.00", "EUR", CONTEXT), "there is no order 999"),
        (lambda shop: shop.refund_order(1042, "0.00", "EUR", CONTEXT), "above 0"),
    ],
)
def test_a_tools_no_has_no_effect(shop, database, call, complaint):
    with pytest.raises(ToolError, match=complaint):
        call(shop)
    assert effects(database) == []


@pytest.fixture
def full_disk(shop, database, monkeypatch):
    """Every connection meets a database that may not grow, filled to its last page."""
    connection = sqlite3.connect(database)
    connection.execute("create table ballast(x)")
    connection.commit()
    (pages,) = connection.execute("pragma page_count").fetchone()
    connection.execute(f"pragma max_page_count = {pages + 3}")
    connection.isolation_level = None
    with pytest.raises(sqlite3.OperationalError, match="full"):
        while True:
            connection.execute("insert into ballast values(zeroblob(500))")
    # The free room within the pages of `effects` is used up in the same way.
    with pytest.raises(sqlite3.OperationalError, match="full"):
        while True:
            connection.execute("insert into effects values('x', 'ballast', zeroblob(20), '')")
    (pages,) = connection.execute("pragma page_count").fetchone()
    connection.close()
    connect = sqlite3.connect

    def limited(*args, **kwargs):
        opened = connect(*args, **kwargs)
        opened.execute(f"pragma max_page_count = {pages}")
        return opened

    monkeypatch.setattr("agent.tools.shop.sqlite3.connect", limited)
    return shop


@pytest.mark.parametrize("name", list(EFFECTS))
def test_a_full_disk_is_a_clear_no_and_nothing_is_changed(full_disk, database, name):
    before = rows(database, "select count(*) from effects")
    with pytest.raises(ToolError, match=r"nothing was changed: .*disk is full"):
        EFFECTS[name](full_disk, CONTEXT)
    assert rows(database, "select count(*) from effects") == before
    assert rows(database, "select status from orders where id = 1042") == [("shipped",)]
    assert full_disk.lookup_order(1042)["status"] == "shipped"


def test_a_database_that_cannot_be_created_is_named(tmp_path):
    with pytest.raises(ToolError, match="unable to open"):
        Shop(tmp_path / "missing" / "shop.sqlite3").prepare()


def test_a_file_that_is_no_database_is_an_error(database):
    database.write_bytes(b"not a database, whatever its name says" * 100)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        Shop(database).prepare()


def test_a_busy_database_is_worth_another_try(shop, database, monkeypatch):
    connect = sqlite3.connect
    monkeypatch.setattr(
        "agent.tools.shop.sqlite3.connect", lambda *a, **k: connect(*a, **{**k, "timeout": 0})
    )
    writer = connect(database, isolation_level=None)
    writer.execute("begin immediate")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        shop.cancel_order(1042, CONTEXT)
    writer.close()
    assert shop.cancel_order(1042, CONTEXT) == "Cancelled order 1042"
