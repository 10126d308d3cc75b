"""Alike workers (`Pool`), the machines in them (`Node`), and what an operator may change."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from ..base import Contract
from ..values import Text
from .cordons import Cordon
from .environments import WEB_KINDS, PortKind

PoolName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
DEFAULT_POOL = "default"
"""Where Courses run that choose none, and machines are that carry no label."""
_Minutes = Annotated[int, Field(ge=1, le=525_600)]


class OnDrain(StrEnum):
    """What becomes of environments whose node is emptied."""

    MOVE = "move"
    """Started again on another node; open programs are lost, the work folder must be shared."""
    END = "end"
    """Stopped; their owners get the reason."""


class Storage(StrEnum):
    """Where work folders of a pool live."""

    NODE = "node"
    """On the disk of the node they were first used on: an environment goes back to it."""
    NODE_QUOTA = "node_quota"
    """The same, with a size that the kernel enforces: the node runs Docker's volume plugin
    (`deploy.node.volumes`). Folders that were made without it stay as they are."""
    SHARED = "shared"
    """Reached from every node of the pool."""


class Egress(StrEnum):
    """How far what runs in an environment reaches out; the nodes' firewalls hold it."""

    OPEN = "open"
    """The Internet, and of private networks those that the nodes' settings name."""
    FILTERED = "filtered"
    """Nothing but the destinations that the nodes' settings name."""
    NONE = "none"

    def network(self, base: str) -> str:
        """What the network of this class is called, where that of `open` is called `base`."""
        return base if self is Egress.OPEN else f"{base}-{self.value}"


FIRST_FREE, LAST_FREE = 1024, 32767
"""Numbers that direct ports may have."""
NOT_WEB = (PortKind.SSH, PortKind.VNC, PortKind.TCP)
_HOST = r"^(?:[a-z0-9-]|\{node\})+(?:\.(?:[a-z0-9-]|\{node\})+)*$"


class DirectPorts(Contract):
    """The numbers, on each machine of a pool, at which people reach environments themselves.

    Not below 1024, which are the machine's own services', and not above 32767: from 32768 on the
    engine numbers every other port it publishes, web pages among them, and the firewall lets
    people in by number alone. A machine whose kernel numbers from further below refuses the range
    at its checks.
    """

    first: Annotated[int, Field(ge=FIRST_FREE, le=LAST_FREE)]
    last: Annotated[int, Field(ge=FIRST_FREE, le=LAST_FREE)]
    kinds: Annotated[tuple[PortKind, ...], Field(min_length=1, max_length=3)] = NOT_WEB
    """Ports of these kinds. What an image lets in without a password is open to everybody there,
    and VNC's own password counts eight characters: `["ssh"]` leaves out both."""

    @field_validator("last")
    @classmethod
    def _not_before_the_first(cls, last: int, info: ValidationInfo) -> int:
        if last < info.data.get("first", last):
            raise PydanticCustomError("ports_backwards", "the first number is above the last")
        return last

    @field_validator("kinds")
    @classmethod
    def _without_web(cls, kinds: tuple[PortKind, ...]) -> tuple[PortKind, ...]:
        if not WEB_KINDS.isdisjoint(kinds):
            raise PydanticCustomError("web_not_direct", "web ports are reached through the edge")
        return kinds

    @property
    def numbers(self) -> range:
        return range(self.first, self.last + 1)

    @classmethod
    def parse(cls, text: str) -> "DirectPorts":
        """`20000:20999`; anything else is a ValueError."""
        first, _, last = text.partition(":")
        return cls(first=int(first), last=int(last))

    def __str__(self) -> str:
        return f"{self.first}:{self.last}"


class PoolGrowth(Contract):
    """Machines that may be added to a pool, by hand or by a program; plans count with them."""

    max_machines: Annotated[int, Field(ge=1, le=10_000)]
    """Of the whole pool, those that exist included."""
    cpu: Annotated[float, Field(gt=0, le=1024)]
    """Of one added machine, as Swarm reports it; so are memory and GPUs of the pool's kind."""
    memory_mib: Annotated[int, Field(ge=64, le=16_777_216)]
    gpus: Annotated[int, Field(ge=0, le=64)] = 0
    lead_minutes: Annotated[int, Field(ge=0, le=10_080)] = 15
    """From the decision until an added machine takes environments, images included."""
    idle_machines: Annotated[int, Field(ge=0, le=1000)] = 0
    """Empty machines that are kept ready."""
    hourly_price: Annotated[float, Field(ge=0, le=100_000)] | None = None
    """Of one added machine; None: not known."""
    monthly_budget: Annotated[float, Field(ge=0, le=100_000_000)] | None = None
    """For added machines, in the currency of the price; None: no limit."""


class Pool(Contract):
    """What a Course gets when it chooses this pool: an empty limit means the default here."""

    name: PoolName
    """The value of the node label `mydocker.pool`."""
    title: Annotated[str, Text(min_length=1, max_length=80)]
    gpu_kind: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,63}$")] | None = None
    """The generic resource its nodes advertise, one entry a device; None: no GPUs."""
    default_cpu: Annotated[float, Field(gt=0, le=256)] = 1
    default_memory_mib: Annotated[int, Field(ge=64, le=4_194_304)] = 1024
    default_gpu: Annotated[int, Field(ge=0, le=16)] = 0
    max_cpu: Annotated[float, Field(gt=0, le=256, validate_default=True)] = 8
    max_memory_mib: Annotated[int, Field(ge=64, le=4_194_304, validate_default=True)] = 16384
    max_gpu: Annotated[int, Field(ge=0, le=16, validate_default=True)] = 0
    default_folder_mib: Annotated[int, Field(ge=16, le=16_777_216)] = 2048
    """Of a work folder, with storage `node_quota`."""
    max_folder_mib: Annotated[int, Field(ge=16, le=16_777_216, validate_default=True)] = 10240
    lease_minutes: _Minutes | None = None
    """How long an environment runs unless renewed; None: no lease."""
    hard_limit_minutes: _Minutes | None = None
    """No renewal goes beyond it."""
    idle_minutes: Annotated[int, Field(ge=5, le=525_600)] | None = None
    """How long an environment may go unused until it stops, after a warning; None: for ever."""
    egress: Egress = Egress.OPEN
    on_drain: OnDrain = OnDrain.END
    storage: Storage = Storage.NODE
    direct_ports: DirectPorts | None = None
    """Ports of its kinds are also reached at the machine itself, by a number of these. Web ports
    never: only the edge gives each environment an origin of its own. None: off."""
    direct_host: Annotated[str, Field(pattern=_HOST, max_length=200)] | None = None
    """What people call a machine of this pool, `{node}` standing for its name up to the first
    dot: `{node}.labs.example.org`. None: its address in the cluster."""
    growth: PoolGrowth | None = None
    """None: the machines that exist are all there will be."""

    @field_validator("max_cpu", "max_memory_mib", "max_gpu", "max_folder_mib")
    @classmethod
    def _not_below_the_default(cls, most: float, info: ValidationInfo) -> float:
        usual = f"default_{str(info.field_name).removeprefix('max_')}"
        if most < info.data.get(usual, most):
            raise PydanticCustomError("maximum_below_default", "the default is above the maximum")
        return most

    @field_validator("max_gpu")
    @classmethod
    def _of_a_kind(cls, most: int, info: ValidationInfo) -> int:
        if most and info.data.get("gpu_kind", "?") is None:
            raise PydanticCustomError("gpu_kind_missing", "a pool with GPUs says of which kind")
        return most

    def host_of(self, node: str, address: str) -> str:
        """Where people reach this machine."""
        if self.direct_host is None:
            return address
        return self.direct_host.replace("{node}", node.partition(".")[0].lower())


class Room(Contract):
    """How much there is, and how much of it is free."""

    cpu: float = 0
    free_cpu: float = 0
    memory_mib: int = 0
    free_memory_mib: int = 0
    gpus: int = 0
    free_gpus: int = 0


class PoolState(Contract):
    """A pool, and what its nodes hold now."""

    pool: Pool
    nodes: int
    usable_nodes: int
    room: Room
    """Over its usable nodes."""
    largest: Room
    """The most one node has free."""
    direct_nodes: int = 0
    """Usable nodes whose firewall lets people in to all numbers of the pool."""
    direct_held: int = 0
    """Numbers that environments hold."""
    root_needs_approval: bool = False
    """No node of it remaps users: a build that runs as root starts there only once an operator
    approved it."""
    etag: str
    """The version of its settings, for `If-Match`."""
    changed_at: datetime | None = None


class NodeAvailability(StrEnum):
    """What an operator lets a node do."""

    ACTIVE = "active"
    PAUSE = "pause"
    DRAIN = "drain"


class NodeSort(StrEnum):
    """Order of the machines."""

    NAME = "name"
    NAME_BACKWARDS = "-name"


class Node(Contract):
    """A machine of the Swarm, as it is seen now."""

    id: str
    name: str
    address: str
    pool: str
    reachable: bool
    availability: NodeAvailability
    admitted: bool
    """Its checks passed; nothing is put on it before."""
    cordon: Cordon | None = None
    """Why it takes no new environments, where it is not admitted."""
    manages: bool
    engine_version: str
    api_version: str | None = None
    """Of Docker's API, as the orchestrator speaks it with this machine's engine; None: it speaks
    with another one."""
    remaps_users: bool = False
    """Root of a container has no rights on this machine (userns-remap), as its checks observed."""
    room: Room
    environments: int
    """Environments that have a container there."""


class NodeChange(Contract):
    """What to change of a node; None leaves it."""

    availability: NodeAvailability | None = None
    pool: PoolName | None = None
