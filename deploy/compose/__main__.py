"""`python -m deploy.compose init`: secrets, a Swarm of one node, its network, the settings."""

import argparse
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from deploy.machine.docker import Docker
from deploy.machine.failures import CannotStart, doing, guarded
from deploy.machine.instance import ROOT, Instance
from deploy.machine.keys import Keys
from deploy.machine.network.ports import LOOPBACK, Ports
from deploy.machine.record import RecordFile
from deploy.node import single_node

_SECRETS = ROOT / "deploy/compose/secrets"
_PROVIDERS = "providers.toml"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare this machine; may be run again, changes no secret that exists."""
    asked = _parser().parse_args(arguments)
    return guarded("deploy.compose init", partial(_init, asked))


def _init(asked: argparse.Namespace) -> int:
    instance = Instance(asked.name, Path(asked.secrets).resolve(), Ports(), mail=asked.mail)
    with doing("make the secrets"):
        keys = Keys(instance.state)
        keys.make(LOOPBACK, instance.ports.database)
        _let_containers_read(keys)
    with doing("make the Swarm and its network"), Docker(f"unix://{asked.socket}") as docker:
        if not docker.answers():
            raise CannotStart(f"no Docker engine answers at {asked.socket}: start it.")
        single_node.ready_swarm(docker, RecordFile(instance.state))
        for remark in single_node.ready_network(instance, docker, strict=True):
            print(f"· {remark}")
    with doing("write the settings"):
        path, text = Path(asked.settings), _settings(asked, instance)
        path.write_text(text + own_lines(path, text), encoding="utf-8")
    build = " --build" if (ROOT / "services/Dockerfile").exists() else ""  # a bundle has images
    print(f"Ready. Start with: docker compose up -d{build}")
    return 0


def _let_containers_read(keys: Keys) -> None:
    """Compose hands files over as they are, and our containers have a user of their own; on this
    machine the folder keeps everybody else out."""
    keys.folder.chmod(0o700)
    for file in keys.folder.iterdir():
        if file.is_file():
            file.chmod(0o644)


def _settings(asked: argparse.Namespace, instance: Instance) -> str:
    content = asked.content_origin.replace("://", "://*.")
    values = {
        "MYDOCKER_NAME": asked.name,
        "MYDOCKER_NETWORK": instance.network,
        "MYDOCKER_APP_ORIGIN": asked.app_origin,
        "MYDOCKER_USER_CONTENT_ORIGIN": asked.content_origin,
        "MYDOCKER_EDGE_CONTENT": content,
        "MYDOCKER_SSH_HOST": urlsplit(asked.app_origin).hostname or "localhost",
        "MYDOCKER_SECRETS": str(instance.state),
        "MYDOCKER_DOCKER_SOCKET": asked.socket,
        "MYDOCKER_DOCKER_GROUP": str(os.stat(asked.socket).st_gid),
        "MYDOCKER_EDGE_TLS": "" if asked.certificate is None else _tls(asked.certificate),
    }
    if asked.sign_in is not None:
        values |= _sign_in(Path(asked.sign_in).resolve())
    plain = asked.app_origin.startswith("http://")
    values |= {
        "MYDOCKER_EDGE_AUTO_HTTPS": "off" if plain else "disable_redirects",
        "MYDOCKER_EDGE_FORMS": content if plain else "",
    }
    return "".join(f"{name}='{value}'\n" for name, value in values.items())


def own_lines(path: Path, text: str) -> str:
    """Lines of the file at `path` for settings that `text` does not write: the operator's."""
    if not path.exists():
        return ""
    written = {line.partition("=")[0] for line in text.splitlines()}
    before = path.read_text(encoding="utf-8").splitlines()
    return "".join(f"{line}\n" for line in before if line.partition("=")[0].strip() not in written)


def _sign_in(folder: Path) -> dict[str, str]:
    """The folder of the providers' file and their secrets, which the gateway reads as it is."""
    if not (folder / _PROVIDERS).is_file():
        raise CannotStart(f"{folder / _PROVIDERS} is missing: docs/sign-in.md says what is in it.")
    return {
        "MYDOCKER_SIGN_IN": str(folder),
        "MYDOCKER_SIGN_IN_PROVIDERS": f"/sign-in/{_PROVIDERS}",
    }


def _tls(name: str) -> str:
    """Certificates an institution brings: `name`.crt and `name`.key."""
    return f"tls /certificates/{name}.crt /certificates/{name}.key"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.compose", description=__doc__)
    parser.add_argument("command", choices=["init"])
    parser.add_argument("--app-origin", required=True, help="https://labs.example.org")
    parser.add_argument(
        "--content-origin",
        required=True,
        help="https://labs-content.example.net: a domain of its own, its subdomains lead here too",
    )
    parser.add_argument("--certificate", help="NAME of NAME.crt and NAME.key in the certificates")
    parser.add_argument(
        "--sign-in", metavar="FOLDER", help=f"with {_PROVIDERS} and the secrets of its providers"
    )
    parser.add_argument(
        "--mail", action="store_true", help="let environments send mail (SMTP: 25, 465, 587)"
    )
    parser.add_argument("--name", default="mydocker", help="tells two platforms apart on one Swarm")
    parser.add_argument("--socket", default="/var/run/docker.sock", help="of a Swarm manager")
    parser.add_argument("--secrets", default=str(_SECRETS), help="folder of the secrets")
    parser.add_argument("--settings", default=str(ROOT / ".env"), help="file Compose reads")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
