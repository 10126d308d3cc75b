"""The connection from the bastion into an environment, with what the person gave."""

from collections.abc import Callable

import asyncssh

from mydocker_kit.contracts.environments import Address

CONNECT_SECONDS = 5.0
LOGIN_SECONDS = 20.0
HOST_KEYS = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
)
"""OpenSSH's own order, not asyncssh's. Dropbear of Debian 12 says that it has an RSA key whether or
not it has one, and dies when it is asked for it first.
"""


class WrongPassword(Exception):
    """The environment does not take this password."""


class Silent(Exception):
    """Nothing that speaks SSH answers there."""


class _Inside(asyncssh.SSHClient):
    """Notices when the environment goes."""

    def __init__(self, lost: Callable[[], None]) -> None:
        self._lost = lost

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost()


async def connected(
    address: Address, account: str, password: str, lost: Callable[[], None]
) -> asyncssh.SSHClientConnection:
    """Enter with this password.

    The host key is not checked: the address comes from the orchestrator, is on the node itself,
    and images make themselves a new key as they like (docs/decisions/0007-ssh-bastion.md).
    """
    try:
        return await asyncssh.connect(
            address.host,
            address.host_port,
            client_factory=lambda: _Inside(lost),
            username=account,
            password=password,
            known_hosts=None,
            server_host_key_algs=list(HOST_KEYS),
            config=None,
            client_keys=None,
            agent_path=None,
            public_key_auth=False,
            host_based_auth=False,
            gss_kex=False,
            gss_auth=False,
            compression_algs=["none"],
            connect_timeout=CONNECT_SECONDS,
            login_timeout=LOGIN_SECONDS,
            keepalive_interval=30,
            keepalive_count_max=3,
        )
    except asyncssh.PermissionDenied as error:
        raise WrongPassword from error
    except (OSError, asyncssh.Error) as error:
        raise Silent(type(error).__name__) from error
