"""Operators find, by the reference a person was shown, why an entry was refused."""

from tests.api.campus import Campus
from tests.support.fakes.gateway import FakeGateway

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.refusals import RefusedEntry


def refused(reference: str) -> RefusedEntry:
    return RefusedEntry(
        reference=reference,
        reason="token_expired",
        refused_at=utc_now(),
        facts={"late": 75},
        claims={"issuer": "https://lms.example", "roles": ["Learner"]},
    )


async def test_an_operator_finds_the_reason_by_the_reference(
    campus: Campus, gateway: FakeGateway
) -> None:
    gateway.refusals = [refused("K7F3-9QD2"), refused("ABCD-2345")]
    operator = await campus.operator()
    page = await operator.get("/api/refusals")
    assert (page["total"], page["reasons"]) == (2, {"token_expired": 1})
    listed = await operator.get("/api/refusals", params={"search": "K7F3"})
    assert [refusal["reference"] for refusal in listed["items"]] == ["K7F3-9QD2"]
    refusal = await operator.get("/api/refusals/K7F3-9QD2")
    assert (refusal["facts"], refusal["claims"]["roles"]) == ({"late": 75}, ["Learner"])
    assert await operator.refused("GET", "/api/refusals/XXXX-2222") == (404, "refusal_unknown")
    assert (await operator.refused("GET", "/api/refusals/..%2Fx"))[0] in (404, 422)
    assert (await operator.refused("GET", "/api/refusals?page_size=1000"))[0] == 422


async def test_only_operators_read_refusals(campus: Campus, gateway: FakeGateway) -> None:
    teacher = await campus.teacher()
    for path in ("/api/refusals", "/api/refusals/K7F3-9QD2"):
        assert await teacher.refused("GET", path) == (403, "operators_only")


async def test_when_the_gateway_is_away_it_is_said(campus: Campus, gateway: FakeGateway) -> None:
    operator = await campus.operator()
    gateway.away = True
    assert (await operator.refused("GET", "/api/refusals"))[0] == 503
