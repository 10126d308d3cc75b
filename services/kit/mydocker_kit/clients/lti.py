"""Who you are: the gateway, as other services see it."""

from ..http import ServiceClient

AUDIENCE = "mydocker-lti-gateway"


class LtiClient:
    """Calls to the gateway."""

    def __init__(self, service: ServiceClient) -> None:
        self._service = service

    async def access_keys(self) -> dict[str, object]:
        """The public keys (JWK Set) that people's access tokens are signed with."""
        response = await self._service.call("GET", "/internal/access-keys")
        keys: dict[str, object] = response.json()
        return keys

    async def aclose(self) -> None:
        await self._service.aclose()
