"""Errors as `application/problem+json` (RFC 9457); the only place that turns them into HTTP."""

from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from .contracts.values import clean_line
from .errors import ContentTypeUnknown, Invalid, ProblemError
from .etags import IfMatchRequired

MEDIA_TYPE = "application/problem+json"
PAGES = "/problems/"
"""Beginning of the paths of the pages that explain codes."""
_CODES = {
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "request_too_large",
}


class FieldProblem(BaseModel):
    """One field that is wrong, and the code of what is wrong with it."""

    field: str
    code: str
    message: str


class ProblemSubject(BaseModel):
    """A thing that stands in the way, for the page to link to."""

    kind: str
    id: UUID
    title: str


class Problem(BaseModel):
    """The body of every error."""

    type: Annotated[str, Field(json_schema_extra={"format": "uri-reference"})] = ""
    """The path of the page that explains the code, on the platform that answers (RFC 9457, 3.1.1).

    The web page serves it to everybody, in both languages.
    """
    title: str
    status: int
    code: str
    detail: str = ""
    parameters: dict[str, str | int | float | None] = {}
    fields: list[FieldProblem] = []
    subjects: list[ProblemSubject] = []
    request_id: str | None = None

    def model_post_init(self, _: Any) -> None:
        """A problem says its type by its code, unless another service has said it."""
        self.type = self.type or f"{PAGES}{self.code}"


def answer(problem: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    """The HTTP answer of a problem."""
    problem.request_id = structlog.contextvars.get_contextvars().get("request_id")
    return JSONResponse(
        problem.model_dump(mode="json"), problem.status, media_type=MEDIA_TYPE, headers=headers
    )


def from_error(error: ProblemError) -> JSONResponse:
    """The HTTP answer of a refusal."""
    return answer(
        Problem(
            title=error.title,
            status=error.status,
            code=error.code,
            detail=error.detail,
            parameters=error.parameters,
            fields=list(error.fields),
            subjects=getattr(error, "subjects", []),
        ),
        {"Retry-After": str(error.retry_after)} if error.retry_after else None,
    )


def install(app: FastAPI) -> None:
    """Make `app` answer every error as a problem."""

    @app.exception_handler(ProblemError)
    async def _problem(request: Request, error: ProblemError) -> JSONResponse:
        return from_error(error)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        if any(_is_missing_if_match(item) for item in error.errors()):
            return from_error(IfMatchRequired())
        if not _is_json(request) and any(_is_whole_body(item) for item in error.errors()):
            return from_error(ContentTypeUnknown())
        fields = [_field(item) for item in error.errors()]
        return answer(
            Problem(
                title="The request is not valid", status=422, code="invalid_request", fields=fields
            )
        )

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == 400:
            return from_error(_unreadable())  # FastAPI's, for a body that is no text or too deep
        code = _CODES.get(error.status_code, "http_error")
        title = str(error.detail)
        headers = dict(error.headers) if error.headers else None
        return answer(Problem(title=title, status=error.status_code, code=code), headers)

    @app.exception_handler(Exception)
    async def _unexpected(request: Request, error: Exception) -> JSONResponse:
        raise error  # the `ErrorBoundary` answers: Starlette would answer and raise it as well


def _unreadable() -> Invalid:
    error = Invalid()
    error.fields = [FieldProblem(field="body", code="json_invalid", message="The body is no JSON")]
    return error


def _is_missing_if_match(item: dict[str, Any]) -> bool:
    """Described as required, so FastAPI refuses its absence; the status for it is 428."""
    return item["type"] == "missing" and tuple(item["loc"]) == ("header", "If-Match")


def _is_json(request: Request) -> bool:
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def _is_whole_body(item: dict[str, Any]) -> bool:
    """FastAPI parses only what is JSON by its type, and refuses other bodies as a whole."""
    return item["type"] != "missing" and tuple(item["loc"]) == ("body",)


def _field(item: dict[str, Any]) -> FieldProblem:
    path = [str(part) for part in item["loc"]]
    if path and path[0] in ("body", "query", "path"):
        path = path[1:]  # only where it was sent: a field itself may be called `path`
    # `msg` names the rule, never the value: a password must not come back in an error.
    return FieldProblem(
        field=clean_line(".".join(path))[:200], code=item["type"], message=item["msg"]
    )


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI entries for the problems an endpoint answers with."""
    content = {MEDIA_TYPE: {"schema": jsonable_encoder({"$ref": "#/components/schemas/Problem"})}}
    return {status: {"model": Problem, "content": content} for status in (*statuses, 429)}
