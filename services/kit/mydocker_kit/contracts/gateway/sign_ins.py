"""What the gateway tells api of people who enter without an LMS, and of who operates."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ..base import Contract
from ..values import Text
from .launches import Identifier, LaunchPerson

OWN_ISSUER = "urn:mydocker:operators"
"""Of operators who were made by a command and have no sign-in elsewhere."""


class SignIn(Contract):
    """One verified sign-in; the pair (issuer, subject) is the person, never the e-mail."""

    id: UUID
    person: LaunchPerson


class LinkRequest(Contract):
    """Somebody signed in has proved, in the same browser, to be another identity as well."""

    id: UUID
    user_id: UUID
    web_session_id: UUID
    """Where they asked for it; only there it can be answered."""
    person: LaunchPerson


class AccountName(Contract):
    """How an account is called, for the person who is asked whether it is theirs."""

    name: str
    email: str | None


class NewOperator(Contract):
    """Who shall operate this platform; a person already known by this pair becomes one."""

    issuer: Identifier
    subject: Identifier
    name: Annotated[str, Text(min_length=1, max_length=255, visible=True)]


class Operator(Contract):
    """Somebody who operates this platform."""

    user_id: UUID
    issuer: str
    subject: str
    name: str
    since: datetime
