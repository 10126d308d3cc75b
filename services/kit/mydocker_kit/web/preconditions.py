"""`ETag`, `If-Match` and `If-None-Match` of endpoints: dependencies, answers and descriptions."""

from dataclasses import dataclass
from typing import Annotated, Any, Protocol, TypeVar

from fastapi import Depends, Header, Request, Response

from ..etags import IfMatch, IfMatchRequired, PreconditionMalformed
from ..problems import responses

EDIT_PROBLEMS = (400, 412, 428)
"""Statuses of every endpoint that requires `If-Match`."""
_ETAG = {
    "description": "The version of the fields that an edit replaces; sent back as `If-Match`",
    "required": True,
    "schema": {"type": "string"},
}


@dataclass(frozen=True)
class Precondition:
    """What a call between services expects: something new, one of these versions, or nothing."""

    is_new: bool = False
    if_match: IfMatch | None = None


class HasETag(Protocol):
    """An answer that carries its own entity tag."""

    @property
    def etag(self) -> str: ...


Tagged = TypeVar("Tagged", bound=HasETag)


def tagged(response: Response, resource: Tagged) -> Tagged:
    """The resource, with its entity tag in the answer's header."""
    response.headers["ETag"] = resource.etag
    return resource


def with_etag(status: int = 200) -> dict[int | str, dict[str, Any]]:
    """OpenAPI entry of an answer that has an `ETag`."""
    return {status: {"headers": {"ETag": _ETAG}}}


def edit_responses(status: int = 200) -> dict[int | str, dict[str, Any]]:
    """OpenAPI entries of an edit: its answer with the new `ETag`, and its refusals."""
    tag = {} if status == 204 else with_etag(status)
    return responses(*EDIT_PROBLEMS) | tag


async def _required_if_match(
    request: Request,
    _if_match: Annotated[
        str,
        Header(
            alias="If-Match",
            description="The `ETag` that was read, or `*` to replace any version",
        ),
    ],
) -> IfMatch:
    """Which versions the edit may replace. Without the field, `problems` answers 428."""
    return _all_of(request)


async def _if_match_or_new(
    request: Request,
    _if_match: Annotated[
        str | None,
        Header(alias="If-Match", description="To change it: the `ETag` that was read, or `*`"),
    ] = None,
    _if_none_match: Annotated[
        str | None, Header(alias="If-None-Match", description="To make a new one: `*`")
    ] = None,
) -> IfMatch | None:
    """As `RequiredIfMatch`; None for `If-None-Match: *`, which makes what does not exist yet."""
    headers = request.headers
    if "If-None-Match" not in headers:
        if "If-Match" not in headers:
            raise IfMatchRequired
        return _all_of(request)
    if headers["If-None-Match"].strip(" \t") != "*" or "If-Match" in headers:
        raise PreconditionMalformed
    return None


def _all_of(request: Request) -> IfMatch:
    """A field that is sent several times is one list (RFC 9110, 5.2)."""
    return IfMatch.parse(", ".join(request.headers.getlist("If-Match")))


async def _optional(request: Request) -> Precondition:
    """Of calls between services, where any version may be replaced."""
    if "If-None-Match" not in request.headers and "If-Match" not in request.headers:
        return Precondition()
    if_match = await _if_match_or_new(request)
    return Precondition(is_new=if_match is None, if_match=if_match)


RequiredIfMatch = Annotated[IfMatch, Depends(_required_if_match)]
OptionalPrecondition = Annotated[Precondition, Depends(_optional)]
IfMatchOrNew = Annotated[IfMatch | None, Depends(_if_match_or_new)]
