"""The typed client for api with this service's identity, for the service and its commands."""

from mydocker_kit.clients import api as api_service
from mydocker_kit.clients.api import ApiClient
from mydocker_kit.clock import Clock
from mydocker_kit.http import ServiceClient
from mydocker_kit.tokens import ServiceIdentity

from .settings import SERVICE, GatewaySettings


def api_client(settings: GatewaySettings, clock: Clock) -> ApiClient:
    """A client that signs its requests as the lti-gateway."""
    identity = ServiceIdentity.load(SERVICE, settings.service_key.get_secret_value())
    return ApiClient(ServiceClient(settings.api_url, api_service.AUDIENCE, identity, clock))
