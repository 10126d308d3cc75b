"""The description of what the page asks the gateway, made without settings or services."""

import json
from pathlib import Path

from fastapi import FastAPI

from mydocker_kit.openapi.description import About, completing
from mydocker_kit.openapi.refusals import Refusals, load

from .launch.endpoints import deep_linking
from .sign_in.endpoints import account_linking, sign_in, sign_out
from .web_sessions.endpoints import tokens

ROUTERS = (
    tokens.router,
    sign_out.router,
    sign_in.router,
    account_linking.router,
    deep_linking.router,
)
REFUSALS = Path(__file__).with_name("refusals.json")
DESCRIPTION = """What the web page asks the gateway: tokens of a browser, sign-in, account links,
and the choice of a Course for an activity. Launches of an LMS are not described here: LTI 1.3
describes them."""
TAGS = {
    "deep linking": "The choice of a Course for an activity of the LMS",
    "linking": "Another account of the same person, and tabs of their own",
    "sign-in": "Sign-in by an OpenID provider or CAS; answered with pages and redirects",
    "tokens": "Access tokens of a browser",
}


def openapi_json(refusals: Refusals | None = None) -> str:
    """The description of the page's routes under `/lti`, always in the same order.

    `refusals`: instead of those of `refusals.json`, while they are being written.
    """
    application = FastAPI(title="MyDocker sign-in", description=DESCRIPTION, version="1")
    for router in ROUTERS:
        application.include_router(router)
    about = About(load(REFUSALS) if refusals is None else refusals, TAGS, prefix="/lti/")
    description = completing(about)(application.openapi())
    return json.dumps(description, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
