"""The upstream SSH connection, from the bastion into an environment."""

from collections.abc import Callable

import asyncssh

from mydocker_kit.contracts.orchestrator.environments import Address

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
"""OpenSSH's own order, not asyncssh's. Dropbear of Debian 12 offers an RSA key whether or not it
has one, and crashes when RSA is requested first."""


_NO_KNOWN_HOSTS = asyncssh.import_known_hosts("")
"""No known hosts file: the client validates each key. An empty string would mean `~/.ssh`."""


class WrongPassword(Exception):
    """The environment refuses this password."""


class NoSshServer(Exception):
    """Nothing that speaks SSH answers."""


class HostKeyChanged(Exception):
    """The server has another host key than the one seen in this attempt."""


class _UpstreamClient(asyncssh.SSHClient):
    """Validates the host key, and reports the loss of the connection."""

    def __init__(self, on_lost: Callable[[], None], known: str | None) -> None:
        self._on_lost, self._known = on_lost, known
        self.has_other_key = False

    def validate_host_public_key(
        self, host: str, addr: str, port: int, key: asyncssh.SSHKey
    ) -> bool:
        """Accept the first key of an attempt, and no other after it."""
        self.has_other_key = self._known is not None and key.get_fingerprint() != self._known
        return not self.has_other_key

    def connection_lost(self, exc: Exception | None) -> None:
        self._on_lost()


async def connect(
    address: Address,
    account: str,
    password: str,
    on_lost: Callable[[], None],
    known: str | None = None,
) -> asyncssh.SSHClientConnection:
    """Log in with this password, unless the host key differs from the `known` one.

    The host key is checked before the password is sent (docs/decisions/0007-ssh-bastion.md).
    """
    client = _UpstreamClient(on_lost, known)
    try:
        return await asyncssh.connect(
            address.host,
            address.host_port,
            client_factory=lambda: client,
            username=account,
            password=password,
            known_hosts=_NO_KNOWN_HOSTS,
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
        if client.has_other_key:
            raise HostKeyChanged from error
        raise NoSshServer(type(error).__name__) from error
