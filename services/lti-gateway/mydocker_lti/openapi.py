"""The description of what the page asks the gateway, made without settings or services."""

import json

from fastapi import FastAPI

from .launch.endpoints import deep_linking
from .sign_in.endpoints import account_linking, sign_in, sign_out
from .web_sessions.endpoints import tokens

_ROUTERS = (
    tokens.router,
    sign_out.router,
    sign_in.router,
    account_linking.router,
    deep_linking.router,
)
_NAMES = {"422": "Unprocessable Entity"}


def openapi_json() -> str:
    """The description of the page's routes under `/lti`, always in the same order."""
    application = FastAPI(title="MyDocker sign-in", version="1")
    for router in _ROUTERS:
        application.include_router(router)
    description = application.openapi()
    for item in description["paths"].values():
        for operation in item.values():
            for status, response in operation["responses"].items():
                # Python 3.13 renamed some statuses, and the description is one on every Python.
                response["description"] = _NAMES.get(status, response["description"])
    return json.dumps(description, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
