"""Image recipes that everybody may copy, read from a folder once at start."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from mydocker_kit.contracts.environments import Port, Profile, WorkPath
from mydocker_kit.errors import NotFound
from mydocker_kit.logging import get_logger

log = get_logger()


class LocalText(BaseModel):
    """A text in the languages of the screens."""

    en: str
    fr: str

    def for_locale(self, locale: str | None) -> str:
        """French for French locales, English for every other one."""
        return self.fr if (locale or "").lower().startswith("fr") else self.en


class RecipeInfo(BaseModel):
    """`entry.json` of one catalogue folder."""

    title: LocalText
    description: LocalText
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


class Catalogue:
    """Recipes by name."""

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
        return cls(recipes)

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
