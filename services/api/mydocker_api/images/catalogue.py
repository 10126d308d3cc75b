"""The catalogue: Images ready to copy, read from a folder once at start."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field

from mydocker_kit.contracts.environments import Port, Profile, WorkPath
from mydocker_kit.errors import NotFound
from mydocker_kit.logging import get_logger

from .schemas import CatalogueEntry, ImageDraft, LocalText

log = get_logger()


class _EntryFile(BaseModel):
    """`entry.json` of one catalogue folder."""

    title: LocalText
    description: LocalText
    ports: list[Port]
    profile: Profile
    work_path: WorkPath
    cpu: Annotated[float, Field(gt=0)] | None = None
    memory_mib: Annotated[int, Field(gt=0)] | None = None


@dataclass(frozen=True)
class _Recipe:
    entry: _EntryFile
    dockerfile: str
    wrapper: str


class Catalogue:
    """Entries by name."""

    def __init__(self, recipes: Mapping[str, _Recipe]) -> None:
        self._recipes = dict(recipes)

    @classmethod
    def load(cls, folder: Path) -> "Catalogue":
        """Read every entry; one that cannot be read is left out and logged."""
        recipes = {}
        for file in sorted(folder.glob("*/entry.json")):
            try:
                recipes[file.parent.name] = _read(file.parent)
            except (OSError, ValueError) as error:
                log.error("catalogue.entry_unreadable", entry=file.parent.name, error=error)
        log.info("catalogue.loaded", entries=len(recipes))
        return cls(recipes)

    def entries(self) -> list[CatalogueEntry]:
        return [
            CatalogueEntry(
                name=name,
                title=recipe.entry.title,
                description=recipe.entry.description,
                ports=recipe.entry.ports,
                profile=recipe.entry.profile,
            )
            for name, recipe in self._recipes.items()
        ]

    def draft(self, name: str, locale: str | None) -> ImageDraft:
        """An Image to begin with, its texts in the person's language."""
        recipe = self._recipes.get(name)
        if recipe is None:
            raise NotFound(f"catalogue entry {name}")
        french = (locale or "").lower().startswith("fr")
        title, description = recipe.entry.title, recipe.entry.description
        return ImageDraft(
            title=title.fr if french else title.en,
            description=description.fr if french else description.en,
            dockerfile=recipe.dockerfile,
            wrapper=recipe.wrapper,
            ports=recipe.entry.ports,
            profile=recipe.entry.profile,
            work_path=recipe.entry.work_path,
        )


def _read(folder: Path) -> _Recipe:
    entry = _EntryFile.model_validate_json((folder / "entry.json").read_text(encoding="utf-8"))
    wrapper = folder / "wrapper.sh"
    return _Recipe(
        entry,
        (folder / "Dockerfile").read_text(encoding="utf-8"),
        wrapper.read_text(encoding="utf-8") if wrapper.exists() else "",
    )
