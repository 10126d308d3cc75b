"""What the bastion asks of an environment's own SSH server."""

import asyncssh

from mydocker_bastion.ssh import upstream
from mydocker_kit.contracts.orchestrator.environments import Address


class _Open(asyncssh.SSHServer):
    def begin_auth(self, username: str) -> bool:
        return False


async def test_an_rsa_key_is_not_asked_for_where_there_is_a_better_one() -> None:
    """Dropbear offers one that it does not have, and dies when it is taken at its word."""
    keys = [asyncssh.generate_private_key(kind) for kind in ("ssh-rsa", "ssh-ed25519")]
    async with asyncssh.listen(
        "127.0.0.1", 0, server_factory=_Open, server_host_keys=keys
    ) as server:
        address = Address(port=22, host="127.0.0.1", host_port=server.get_port())
        inside = await upstream.connect(address, "somebody", "", lambda: None)
        shown = inside.get_server_host_key()
        assert shown is not None
        assert shown.get_algorithm() == "ssh-ed25519"
        inside.abort()
