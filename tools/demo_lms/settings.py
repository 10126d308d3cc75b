"""Settings of the demo LMS: its address, its state folder and its tool."""

from dataclasses import dataclass
from pathlib import Path

CLIENT_ID = "mydocker-demo"
DEPLOYMENT_ID = "1"


@dataclass(frozen=True)
class Storage:
    """LTI platform storage, which some platforms offer (1EdTech, lti-pm-s)."""

    frame: str = "_parent"
    """The frame that answers: the page itself, or a hidden sibling of the tool's frame."""
    named: bool = True
    """Whether the login initiation names the frame; a tool may also ask for the capabilities."""
    answers: bool = True


@dataclass(frozen=True)
class Settings:
    """The LMS and its site-wide tool."""

    origin: str
    """Also the issuer; without a trailing slash, as in Moodle."""
    tool_origin: str
    state: Path
    storage: Storage | None = None
    """None as in Moodle, which has no storage for tools."""

    @property
    def login_url(self) -> str:
        return f"{self.tool_origin}/lti/login"

    @property
    def launch_url(self) -> str:
        return f"{self.tool_origin}/lti/launch"

    @property
    def tool_key_set_url(self) -> str:
        return f"{self.tool_origin}/lti/jwks.json"
