"""Tokens between services: only the right caller, for the right service, for a minute."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.conftest import ServiceKeys

from mydocker_kit.errors import Unauthenticated
from mydocker_kit.tokens import ServiceIdentity, ServiceTrust

API = "mydocker-api"
BUILDER = "mydocker-builder"


@pytest.fixture
def api(service_keys: ServiceKeys) -> ServiceIdentity:
    return ServiceIdentity.load(API, service_keys.private[API].get_secret_value())


@pytest.fixture
def builder_trust(service_keys: ServiceKeys) -> ServiceTrust:
    return ServiceTrust.load(BUILDER, service_keys.folder)


def test_a_trusted_caller_is_named(api: ServiceIdentity, builder_trust: ServiceTrust) -> None:
    assert builder_trust.caller(api.token_for(BUILDER, datetime.now(UTC))) == API


def test_a_token_for_another_service_is_refused(
    api: ServiceIdentity, builder_trust: ServiceTrust
) -> None:
    with pytest.raises(Unauthenticated):
        builder_trust.caller(api.token_for("mydocker-orchestrator", datetime.now(UTC)))


def test_a_token_is_worth_a_minute(api: ServiceIdentity, builder_trust: ServiceTrust) -> None:
    old = datetime.now(UTC) - timedelta(seconds=75)
    with pytest.raises(Unauthenticated):
        builder_trust.caller(api.token_for(BUILDER, old))


def test_a_caller_cannot_borrow_another_name(
    api: ServiceIdentity, builder_trust: ServiceTrust
) -> None:
    liar = ServiceIdentity("mydocker-lti-gateway", api.key)
    with pytest.raises(Unauthenticated):
        builder_trust.caller(liar.token_for(BUILDER, datetime.now(UTC)))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e30.e30.", "\x00"])
def test_rubbish_is_refused(builder_trust: ServiceTrust, token: str) -> None:
    with pytest.raises(Unauthenticated):
        builder_trust.caller(token)
