"""A registration from an address that may not be reached says which setting allows it."""

from ipaddress import ip_address

import pytest
from pydantic import SecretStr

from mydocker_kit.outgoing.addresses import ForbiddenAddress
from mydocker_kit.outgoing.pinned_dns import PinnedTransport
from mydocker_kit.outgoing.reach import Address, Reach
from tests.conftest import ServiceKeys

from ..conftest import gateway_settings, running
from .registering_platform import Admin, new_invitation
from .registering_platform import admin as admin


@pytest.mark.parametrize(
    ("language", "how"), [("en", "leads to a private network"), ("fr", "mène à un réseau privé")]
)
async def test_a_barred_platform_names_its_address_and_the_setting_that_allows_it(
    database_url: str,
    service_keys: ServiceKeys,
    vault_keys: SecretStr,
    language: str,
    how: str,
) -> None:
    async def inside(host: str, port: int) -> list[Address]:
        return [ip_address("10.20.0.7")]

    settings = gateway_settings(database_url, service_keys, vault_keys)
    outside = PinnedTransport(Reach(), resolve=inside)
    async with running(settings, outside) as tool, tool.browser() as browser:
        parameters = {
            "invitation": (await new_invitation(tool)).url.rpartition("=")[2],
            "openid_configuration": "https://moodle.intra.example:8443/configuration",
            "registration_token": "token",
        }
        headers = {"Accept-Language": language}
        answer = await browser.get("/lti/register", params=parameters, headers=headers)
        assert answer.status_code == 502
        assert how in answer.text
        assert "<dd>https://moodle.intra.example:8443</dd>" in answer.text
        setting = "MYDOCKER_PRIVATE_PLATFORMS=moodle.intra.example:8443"
        assert f"<dd>{setting}</dd>" in answer.text
        Reach.parse(setting.partition("=")[2])  # what the page says can be written there
        assert (await tool.refusal(answer)).facts == {
            "home": "https://moodle.intra.example:8443",
            "flaw": "address_private",
        }


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("https://moodle.intra/x", "moodle.intra"),
        ("https://10.1.2.3:8443/x", "10.1.2.3:8443"),
        ("https://[fd00::1]/x", "fd00::1"),
        ("https://[fd00::1]:8443/x", "[fd00::1]:8443"),
    ],
)
def test_what_allows_a_private_address_is_readable_as_a_setting(url: str, named: str) -> None:
    assert ForbiddenAddress("address_private", url).named == named
    assert len(Reach.parse(named).named) == 1
    assert ForbiddenAddress("address_not_https", url).named is None


async def test_a_barred_address_without_https_says_what_to_do(admin: Admin) -> None:
    answer = await admin.look(openid_configuration="http://lms.example/c")
    assert "<dd>http://lms.example</dd>" in answer.text
    assert "Give your platform an https address" in answer.text
