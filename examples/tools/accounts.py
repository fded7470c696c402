"""Tools for a company's accounts service: one looks an account up, one closes it for good."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import httpx2
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from agent.errors import ToolError
from agent.models import Risk
from agent.settings import Settings
from agent.tools.registry import ToolContext, tool

Login = Annotated[str, Field(pattern="^[a-z0-9.-]{1,40}$", description="Such as rosa.diaz")]
Reason = Annotated[str, Field(min_length=3, max_length=200, description="Kept with the account")]


class AccountsSettings(BaseSettings):
    """ACCOUNTS_URL and ACCOUNTS_TOKEN, from the worker's environment or its `.env`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    accounts_url: str
    accounts_token: SecretStr  # a SecretStr prints as stars, wherever it is printed


@dataclass(frozen=True)
class Account:
    login: str
    owner: str
    opened: date


class Accounts:
    """Plain functions: each call runs in a thread of its own, and may wait there."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client

    @tool(risk=Risk.LOW, idempotent=True, summary="Look up the account {login}")
    def find_account(self, login: Login) -> Account:
        """Look up a customer's account: whose it is, and since when."""
        answer = self._client.get(f"/accounts/{login}")
        if answer.status_code == 404:
            raise ToolError(f"there is no account {login}")
        found = answer.raise_for_status().json()
        return Account(login, found["owner"], date.fromisoformat(found["opened"]))

    @tool(risk=Risk.HIGH, idempotent=True, summary="Close the account {login} for good: {reason}")
    def close_account(self, login: Login, reason: Reason, context: ToolContext) -> str:
        """Close a customer's account. This cannot be undone."""
        answer = self._client.post(
            f"/accounts/{login}/close",
            json={"reason": reason},
            # The same on every try: the service closes once, however often it is asked.
            headers={"Idempotency-Key": context.request_id},
        )
        if answer.status_code == 404 and context.attempt == 1:
            raise ToolError(f"there is no account {login}")
        # Whatever else it answers, or that it does not: nobody knows what has been done.
        answer.raise_for_status()
        return f"Closed the account {login}"


def make_tools(settings: Settings) -> list[Accounts]:
    """Called once, at the start of the worker, with the worker's own settings."""
    ours = AccountsSettings()
    token = ours.accounts_token.get_secret_value()
    client = httpx2.Client(
        base_url=ours.accounts_url, headers={"Authorization": f"Bearer {token}"}, timeout=30
    )
    return [Accounts(client)]
