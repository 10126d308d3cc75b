"""How people reach the ports of a running environment, and where the teacher's links lead."""

from urllib.parse import urlsplit

from mydocker_kit.contracts.orchestrator.environments import (
    WEB_KINDS,
    Address,
    EnvironmentStatus,
    PortKind,
)
from mydocker_kit.contracts.orchestrator.pools import FIRST_FREE

from ...domain.courses import links
from ...domain.courses.links import LinkValues
from ...domain.edge.labels import label
from ...models.course import WindowOptions
from ...models.seen import SeenEnvironment
from ...settings import Settings
from .schemas import Connection, ShownLink

_KINDS = (PortKind.WEB, PortKind.HTTPS, PortKind.VNC, PortKind.SSH, PortKind.TCP)
"""Most useful first."""
SSH_PORT = 22
"""The default port of `ssh`."""
_ABOVE = 10_000
_THIS_MACHINE = "localhost"
_PORT_OF = {"https": 443, "http": 80}


def connections(
    row: SeenEnvironment, news: EnvironmentStatus | None, settings: Settings
) -> list[Connection]:
    """One card per port, hidden ones too, most useful first."""
    ports = row.plan.ports if row.plan else ()
    ordered = sorted(ports, key=lambda port: _KINDS.index(port.kind))
    addresses = {address.port: address for address in news.addresses} if news else {}
    first_ssh = next((port.number for port in ports if port.kind is PortKind.SSH), None)
    cards = []
    for index, port in enumerate(ordered):
        card = Connection(port=port.number, title=port.title, kind=port.kind, primary=index == 0)
        address = addresses.get(port.number)
        if port.kind is PortKind.SSH:
            _add_ssh(card, row.username, port.number == first_ssh, settings)
        elif port.kind not in WEB_KINDS and address:
            _add_tunnel(card, row.username, address, settings)
        if address and address.direct_host and port.kind not in WEB_KINDS:
            _add_direct(card, row.username, address.direct_host, address.host_port)
        cards.append(card)
    return cards


def _add_ssh(card: Connection, username: str, is_first: bool, settings: Settings) -> None:
    """SSH through the bastion. The login name selects the environment: the command shows it even
    where the Course hides names, as the address of a web port shows its label."""
    login = username if is_first else f"{username}+{card.port}"
    card.host, card.host_port = settings.ssh_host, settings.ssh_port
    card.command = _command(login, settings.ssh_host, settings.ssh_port)
    card.fingerprint = settings.ssh_fingerprint


def _add_tunnel(card: Connection, username: str, address: Address, settings: Settings) -> None:
    """A tunnel through the bastion, to the environment's SSH server or to the bastion's own."""
    if settings.ssh_host == _THIS_MACHINE:  # the person works on the machine of the environment
        card.host, card.host_port = settings.ssh_host, address.host_port
        return
    # Lower numbers are privileged ports of the person's computer.
    local_port = card.port if card.port >= FIRST_FREE else card.port + _ABOVE
    card.host, card.host_port = _THIS_MACHINE, local_port
    card.fingerprint = settings.ssh_fingerprint
    forward = f"-N -L {local_port}:localhost:{card.port} "
    card.tunnel_command = _command(username, settings.ssh_host, settings.ssh_port, forward)


def _add_direct(card: Connection, username: str, host: str, number: int) -> None:
    """A direct port replaces the way through the bastion, which stays as `bastion_command`."""
    if card.kind is PortKind.SSH:
        card.bastion_command = card.command
        card.command = _command(username, host, number)
    card.host, card.host_port, card.direct = host, number, True
    card.tunnel_command = card.fingerprint = None


def _command(login: str, host: str, number: int, forward: str = "") -> str:
    port = "" if number == SSH_PORT else f"-p {number} "
    return f"ssh {port}{forward}{login}@{host}"


def shown_links(
    options: WindowOptions,
    row: SeenEnvironment,
    news: EnvironmentStatus | None,
    settings: Settings,
) -> list[ShownLink]:
    """The links whose ports this environment has; one that was started before a change of the
    Course may lack some."""
    if not options.links:
        return []
    values = link_values(row, news, settings)
    shown = []
    for index, link in enumerate(options.links):
        template = links.parse(link.url)
        if links.address(template, values) is not None:
            shown.append(ShownLink(index=index, title=link.title, scheme=template.scheme))
    return shown


def link_values(
    row: SeenEnvironment,
    news: EnvironmentStatus | None,
    settings: Settings,
    *,
    password: str = "",
    user_redirect: str = "",
) -> LinkValues:
    """What the placeholders stand for; a port with a page has a host of its own."""
    hosts: dict[int, str] = {}
    numbers: dict[int, int] = {}
    key, origin = settings.cookie_key.get_secret_value().encode(), settings.user_content_origin
    content = urlsplit(origin)
    for card in connections(row, news, settings):
        if card.kind in WEB_KINDS:
            hosts[card.port] = f"{label(key, row.id, card.port)}.{content.hostname}"
            numbers[card.port] = content.port or _PORT_OF[content.scheme]
        elif card.host and card.host_port:
            hosts[card.port], numbers[card.port] = card.host, card.host_port
    direct = next((a.direct_host for a in news.addresses if a.direct_host), None) if news else None
    return LinkValues(
        ip=direct or settings.ssh_host,
        hosts=hosts,
        ports=numbers,
        username=row.username,
        password=password,
        user_redirect=user_redirect,
    )
