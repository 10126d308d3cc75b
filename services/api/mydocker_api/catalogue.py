"""Image recipes that come with the platform, read from a folder once at start."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field

from mydocker_kit.contracts.orchestrator.environments import Port, Profile, WorkPath
from mydocker_kit.errors import NotFound
from mydocker_kit.observability.logging import get_logger

log = get_logger()


class LocalText(BaseModel):
    """A text in the languages of the screens."""

    en: str
    fr: str

    def for_locale(self, locale: str | None) -> str:
        """French for French locales, English for every other one."""
        return self.fr if (locale or "").lower().startswith("fr") else self.en


class EntryIcon(StrEnum):
    """The picture of an entry, as the page has them."""

    BRIEFCASE = "briefcase"
    CHART = "chart"
    CODE = "code"
    DATABASE = "database"
    DESKTOP = "desktop"
    LOCK = "lock"
    MATH = "math"
    NOTEBOOK = "notebook"
    TERMINAL = "terminal"


class RecipeResources(BaseModel):
    """What one student needs, as tested."""

    cpu: Annotated[float, Field(gt=0, le=64)] = 0.5
    """Cores."""
    memory_mib: Annotated[int, Field(ge=64)] = 512


class RecipeInfo(BaseModel):
    """`entry.json` of one catalogue folder."""

    title: LocalText
    description: LocalText
    """One paragraph."""
    icon: EntryIcon = EntryIcon.TERMINAL
    order: int = 100
    """Place in the catalogue and in the queue of builds, lowest first."""
    resources: RecipeResources = RecipeResources()
    ports: list[Port]
    profile: Profile
    work_path: WorkPath


@dataclass(frozen=True)
class Recipe:
    """One folder of the catalogue."""

    info: RecipeInfo
    dockerfile: str
    wrapper: str
    """Empty where the folder holds no `wrapper.sh`."""

    @property
    def version(self) -> str:
        """Changes with everything that a build depends on."""
        parts = (self.dockerfile, self.wrapper)
        return sha256("\0".join(parts).encode()).hexdigest()[:16]


class Catalogue:
    """Recipes by name, in their order."""

    def __init__(self, recipes: Mapping[str, Recipe]) -> None:
        self.recipes = recipes

    @classmethod
    def load(cls, folder: Path) -> "Catalogue":
        """Read every recipe; log and leave out an unreadable one."""
        recipes = {}
        for file in sorted(folder.glob("*/entry.json")):
            try:
                recipes[file.parent.name] = _read(file.parent)
            except (OSError, ValueError) as error:
                log.error("catalogue.entry_unreadable", entry=file.parent.name, error=error)
        log.info("catalogue.loaded", entries=len(recipes))
        return cls(dict(sorted(recipes.items(), key=lambda item: item[1].info.order)))

    def recipe(self, name: str) -> Recipe:
        """The recipe of this name; raises `NotFound`."""
        recipe = self.recipes.get(name)
        if recipe is None:
            raise NotFound(f"catalogue entry {name}")
        return recipe


def _read(folder: Path) -> Recipe:
    info = RecipeInfo.model_validate_json((folder / "entry.json").read_text(encoding="utf-8"))
    wrapper = folder / "wrapper.sh"
    return Recipe(
        info,
        (folder / "Dockerfile").read_text(encoding="utf-8"),
        wrapper.read_text(encoding="utf-8") if wrapper.exists() else "",
    )
