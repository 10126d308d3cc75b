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


_NOBODY = asyncssh.import_known_hosts("")
"""No key is known by a file: the client is asked each time. Empty text would mean `~/.ssh`."""


class WrongPassword(Exception):
    """The environment does not take this password."""


class Silent(Exception):
    """Nothing that speaks SSH answers there."""


class Stranger(Exception):
    """It shows another host key than the one that was there before."""


class _Inside(asyncssh.SSHClient):
    """Checks who answers, and notices when the environment goes."""

    def __init__(self, lost: Callable[[], None], known: str | None) -> None:
        self._lost, self._known = lost, known
        self.is_stranger = False

    def validate_host_public_key(
        self, host: str, addr: str, port: int, key: asyncssh.SSHKey
    ) -> bool:
        """The first key of an attempt is taken, and no other after it."""
        self.is_stranger = self._known is not None and key.get_fingerprint() != self._known
        return not self.is_stranger

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost()


async def connected(
    address: Address,
    account: str,
    password: str,
    lost: Callable[[], None],
    known: str | None = None,
) -> asyncssh.SSHClientConnection:
    """Enter with this password, unless the host key is another than the `known` one.

    No password is sent before the key was looked at (docs/decisions/0007-ssh-bastion.md).
    """
    client = _Inside(lost, known)
    try:
        return await asyncssh.connect(
            address.host,
            address.host_port,
            client_factory=lambda: client,
            username=account,
            password=password,
            known_hosts=_NOBODY,
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
        if client.is_stranger:
            raise Stranger from error
        raise Silent(type(error).__name__) from error
