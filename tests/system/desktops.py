"""The catalogue's Linux desktop on a campus, and what a test sees and does on its screen."""

import io
import socket
import tarfile
from contextlib import closing
from dataclasses import dataclass

from playwright.sync_api import CDPSession, Page, expect

from mydocker_kit.docker.errors import EngineError
from tests.support.waiting import eventually
from tests.system.campus import Campus, Student
from tests.system.courses import build_of, placed

DESKTOP, PORT = "A Linux desktop", 5901
TITLE = "Linux"
BUILD_SECONDS = 600
_LAUNCHER = (130, 20)
"""Where the panel has its terminal, from the lower left corner."""
_SCREEN = """() => {
  const canvas = document.querySelector("#screen canvas")
  if (!canvas?.width) return [0, 0, 1]
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
  const counts = new Map()
  for (const one of new Uint32Array(data.buffer)) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [canvas.width, canvas.height, Math.max(...counts.values()) / (data.length / 4)]
}"""


def publish_desktop(teacher: Student) -> None:
    """Copied from the catalogue, built, and in the course space; once per campus."""
    known = teacher.api("GET", "/api/courses", search=DESKTOP)["items"]
    if any(course["title"] == DESKTOP for course in known):
        return
    image = teacher.api("POST", "/api/catalogue/desktop/copy")
    build = build_of(teacher, image, BUILD_SECONDS)
    placed(
        teacher,
        DESKTOP,
        description="A terminal, files and an editor, in windows of your own.",
        build_id=build["id"],
        ports=image["ports"],
        profile=image["profile"],
        resources={"cpu": 0.5, "memory_mib": 512},
        work_folder={"save": True, "path": image["work_path"]},
    )


@dataclass(frozen=True)
class Screen:
    """An open desktop in a tab."""

    page: Page

    @property
    def size(self) -> tuple[int, int]:
        """What the server draws."""
        width, height, _ = self.page.evaluate(_SCREEN)
        return int(width), int(height)

    def shows(self, least: float, most: float, why: str) -> None:
        """The commonest colour has this share of all points: a desktop of many, a window of one."""
        eventually(lambda: least <= self.page.evaluate(_SCREEN)[2] <= most, why)

    def is_drawn(self, most: float = 0.2) -> None:
        """The whole tab, with the colours of a desktop; fewer where windows cover it."""
        expect(self.page.locator("#screen canvas")).to_be_visible()
        eventually(lambda: self.size == self.room, f"the desktop has the tab's size, {self.room}")
        self.shows(0, most, "the desktop is drawn")

    @property
    def room(self) -> tuple[int, int]:
        box = self.page.locator("#screen").bounding_box()
        assert box is not None
        return int(box["width"]), int(box["height"])

    def open_terminal(self) -> None:
        """By its button in the panel."""
        right, up = _LAUNCHER
        position = {"x": right, "y": self.room[1] - up}
        self.page.locator("#screen canvas").click(position=position)  # type: ignore[arg-type]
        self.shows(0.25, 0.9, "a terminal is on the desktop")
        self.page.mouse.move(right, self.room[1] / 2)

    def type(self, text: str, wire: CDPSession) -> None:
        """Each character as a key of its own, those of a French keyboard too."""
        for letter in text:
            if letter.isascii():
                self.page.keyboard.press("Enter" if letter == "\n" else letter)
                continue
            key = {"key": letter, "code": "Digit2", "text": letter}
            wire.send("Input.dispatchKeyEvent", {"type": "keyDown", **key})
            wire.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})


def container_of(campus: Campus, student: Student) -> str:
    """The one in which this person's environment runs."""
    (task,) = campus.running_tasks(student.environment_id)
    return str(task["Status"]["ContainerStatus"]["ContainerID"])


def kept_file(campus: Campus, container: str, path: str) -> str | None:
    """What the engine finds at a path of a container, None as long as there is nothing."""
    try:
        with campus.engine() as docker:
            packed = docker.raw(f"/containers/{container}/archive", path=path)
    except EngineError:
        return None
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        member = archive.extractfile(archive.getmembers()[0])
        return member.read().decode() if member else None


def banner(port: int) -> bytes:
    """What a VNC server says first to whoever comes."""
    with closing(socket.create_connection(("127.0.0.1", port), 10)) as client:
        return client.recv(12)
