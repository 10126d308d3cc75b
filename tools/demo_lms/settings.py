"""Where the demo LMS lives and which tool it knows."""

from dataclasses import dataclass
from pathlib import Path

CLIENT_ID = "mydocker-demo"
DEPLOYMENT_ID = "1"


@dataclass(frozen=True)
class Storage:
    """Client-side storage for tools, as some platforms have it (1EdTech, lti-pm-s)."""

    frame: str = "_parent"
    """Which frame answers: the page itself, or a hidden one beside the tool's."""
    named: bool = True
    """Whether the login initiation names it; a tool may always ask for the capabilities."""
    answers: bool = True


@dataclass(frozen=True)
class Settings:
    """One tool, configured for the whole site."""

    origin: str
    """Also the issuer: without a slash at the end, as Moodle writes it."""
    tool_origin: str
    state: Path
    storage: Storage | None = None
    """None as in Moodle, which keeps nothing for tools."""

    @property
    def login_url(self) -> str:
        return f"{self.tool_origin}/lti/login"

    @property
    def launch_url(self) -> str:
        return f"{self.tool_origin}/lti/launch"

    @property
    def tool_key_set_url(self) -> str:
        return f"{self.tool_origin}/lti/jwks.json"
