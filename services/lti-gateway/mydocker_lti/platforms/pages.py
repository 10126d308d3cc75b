"""The two pages of a dynamic registration: what will be registered, and what to do afterwards."""

from pathlib import Path

from mydocker_kit.contracts.gateway.platforms import PlatformState
from mydocker_kit.outgoing.addresses import origin

from ..web.framing import frame_ancestors
from ..web.pages import csp_hash, page_headers, render
from .dynamic_registration import RegistrationOffer, RegistrationRequest, RegistrationResult
from .texts import PAGES

_SCRIPT = (Path(__file__).parent / "templates" / "closing.js").read_text("utf-8")


def headers(request: RegistrationRequest) -> dict[str, str]:
    """Only the page of the platform that registers may show these pages in a frame."""
    framers = [request.page_origin] if request.page_origin else []
    scripts = f"script-src {csp_hash(_SCRIPT)}; form-action 'self'"
    return page_headers(frame_ancestors(framers), scripts)


def offer_page(request: RegistrationRequest, offer: RegistrationOffer, language: str) -> str:
    """What will be registered, and the button."""
    words, issuer = PAGES[language], offer.configuration.issuer
    host = (origin(issuer) or issuer).partition("://")[2]
    return render(
        "platforms/templates/offer.html",
        language,
        words["title"],
        words=words,
        intro=words["intro"].format(platform=host, label=offer.label),
        configuration=offer.configuration,
        fields={
            "invitation": request.invitation,
            "openid_configuration": request.configuration,
            "registration_token": request.token,
        },
    )


def closing_page(request: RegistrationRequest, result: RegistrationResult, language: str) -> str:
    """What to do next; the button asks the platform's page to close this frame."""
    words, is_moodle = PAGES[language], result.configuration.is_moodle
    steps = [words["close_step"], words["activate_moodle" if is_moodle else "activate"]]
    if result.platform.state is PlatformState.PENDING:
        steps.append(words["approve"])
    if not result.has_deployment:
        steps.append(words["deployment"])
    if is_moodle:
        steps.append(words["chooser_moodle"])
    return render(
        "platforms/templates/closing.html",
        language,
        words["done"],
        script=_SCRIPT,
        words=words,
        steps=steps,
        platform_origin=request.page_origin or "",
    )
