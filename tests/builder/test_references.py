"""Images of other registries are looked up, and each refusal has its reason."""

import pytest
from tests.builder.conftest import OpenBuilder
from tests.builder.scripted import ScriptedEngine

from mydocker_builder.settings import BuilderSettings
from mydocker_builder.worker import references
from mydocker_kit.contracts.builder.references import ReferenceRefusal
from mydocker_kit.docker.errors import EngineError, EngineUnavailable
from mydocker_kit.errors import Unavailable

DIGEST = "sha256:" + "0a" * 32
TOOL = "ghcr.io/school/tool:2"


@pytest.fixture
def allowing(settings: BuilderSettings) -> BuilderSettings:
    """A builder whose operator allows two parts of the world, and its own registry by mistake."""
    allowed = f"ghcr.io/school,docker.io/library,{settings.registry}"
    return settings.model_copy(update={"external_registries": allowed})


async def test_a_tag_becomes_a_digest(allowing: BuilderSettings, open_builder: OpenBuilder) -> None:
    engine = ScriptedEngine(foreign={TOOL: DIGEST})
    async with open_builder(allowing, engine) as builder:
        resolved = await builder.resolve(TOOL)
        assert (resolved.reference, resolved.refusal) == (TOOL, None)
        assert resolved.pinned == f"ghcr.io/school/tool@{DIGEST}"
        assert "ghcr.io/school" in (await builder.external_registries()).items


async def test_nothing_is_allowed_unless_the_operator_says_so(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    engine = ScriptedEngine(foreign={"docker.io/library/debian:12": DIGEST})
    async with open_builder(settings, engine) as builder:
        assert (await builder.external_registries()).items == ()
        refused = await builder.resolve("debian:12")
        assert (refused.refusal, refused.pinned) == (ReferenceRefusal.FORBIDDEN, None)


@pytest.mark.parametrize(
    ("typed", "answer", "refusal"),
    [
        ("No Reference", None, ReferenceRefusal.INVALID),
        ("quay.io/school/tool", DIGEST, ReferenceRefusal.FORBIDDEN),
        ("127.0.0.1:8105/images/of-somebody-6f0c3f52:1-aa", DIGEST, ReferenceRefusal.FORBIDDEN),
        (TOOL, None, ReferenceRefusal.MISSING),
        (
            TOOL,
            EngineError("denied: requested access to the resource is denied", 403),
            ReferenceRefusal.MISSING,
        ),
        (
            TOOL,
            EngineError("Get https://ghcr.io/v2/: dial tcp: lookup ghcr.io: no such host", 500),
            ReferenceRefusal.UNREACHABLE,
        ),
        (
            TOOL,
            EngineError("toomanyrequests: You have reached your pull rate limit", 500),
            ReferenceRefusal.RATE_LIMITED,
        ),
        (TOOL, 3600.0, ReferenceRefusal.UNREACHABLE),
    ],
)
async def test_each_refusal_has_its_kind(
    allowing: BuilderSettings,
    open_builder: OpenBuilder,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    answer: str | float | Exception | None,
    refusal: ReferenceRefusal,
) -> None:
    if isinstance(answer, float):
        monkeypatch.setattr(references, "_SECONDS", 0.1)
    engine = ScriptedEngine(foreign={} if answer is None else {typed: answer})
    async with open_builder(allowing, engine) as builder:
        resolved = await builder.resolve(typed)
        assert (resolved.refusal, resolved.pinned) == (refusal, None)
        assert resolved.message


async def test_an_engine_that_is_away_refuses_nothing(
    allowing: BuilderSettings, open_builder: OpenBuilder
) -> None:
    engine = ScriptedEngine(foreign={TOOL: EngineUnavailable("no socket")})
    async with open_builder(allowing, engine) as builder:
        with pytest.raises(Unavailable) as refused:
            await builder.resolve(TOOL)
        assert refused.value.code == "build_engine_unavailable"
