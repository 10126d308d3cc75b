"""Catalogue recipes as the browser sees them, and as drafts of new Images."""

from ..catalogue import Catalogue, Recipe
from .schemas import CatalogueEntry, ImageDraft


def catalogue_entries(catalogue: Catalogue) -> list[CatalogueEntry]:
    """Every recipe, by name."""
    return [
        CatalogueEntry(
            name=name,
            title=recipe.info.title,
            description=recipe.info.description,
            ports=recipe.info.ports,
            profile=recipe.info.profile,
        )
        for name, recipe in catalogue.recipes.items()
    ]


def draft_from(recipe: Recipe, locale: str | None) -> ImageDraft:
    """A new Image with the recipe's content, its texts in the person's language."""
    return ImageDraft(
        title=recipe.info.title.for_locale(locale),
        description=recipe.info.description.for_locale(locale),
        dockerfile=recipe.dockerfile,
        wrapper=recipe.wrapper,
        ports=recipe.info.ports,
        profile=recipe.info.profile,
        work_path=recipe.info.work_path,
    )
