"""`python -m deploy.release VERSION`: make a release of this checkout; see the package."""

import argparse
import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from deploy.machine.commands import run
from deploy.machine.failures import doing, guarded
from deploy.machine.instance import ROOT
from mydocker_kit.clock import utc_now

from . import bundle, images
from .repository import Repository

_PAGE_SECONDS = 900.0


def main(arguments: Sequence[str] | None = None) -> int:
    return guarded("deploy.release", partial(_release, _parser().parse_args(arguments)))


def _release(asked: argparse.Namespace) -> int:
    version, repository = asked.version, Repository(ROOT)
    with doing("look at the repository"):
        repository.refuse_unclean()
        repository.refuse_unreleasable(version)
    if not repository.is_prepared(version):
        with doing("write version and changelog"):
            repository.prepare(version, utc_now().date())
        _say(f"committed release: {version}")
    folder = Path(asked.output) / version
    folder.mkdir(parents=True, exist_ok=True)
    if not asked.without_images:
        _images(repository, version, folder)
    packed = folder / f"mydocker-{version}.tar.gz"
    with doing("pack the installation bundle"):
        bundle.write(ROOT, repository.revision(), version, packed)
    _say(f"packed {packed}")
    _write_sums(folder)
    with doing("make the tag"):
        repository.tag(version)
    _say(f"tagged v{version}; nothing was pushed. Publish {folder} and:")
    _say(f"git push origin HEAD v{version}")
    return 0


def _images(repository: Repository, version: str, folder: Path) -> None:
    with doing("build the page"):
        run(["make", "page"], why="the page was not built", seconds=_PAGE_SECONDS, folder=ROOT)
    with doing("build the images"):
        images.build(ROOT, version, repository.revision(), repository.committed_at())
    names = [images.name(image, version) for image in images.NAMES]
    _say(f"built {' '.join(names)}")
    with doing("describe the images"):
        for image, name in zip(images.NAMES, names, strict=True):
            images.describe(ROOT, name, folder / f"{image}.cdx.json")
    _say("wrote an SBOM of each image")
    with doing("save the images"):
        images.save(names, folder / f"mydocker-{version}-images.tar.gz")


def _write_sums(folder: Path) -> None:
    """`SHA256SUMS`, for `sha256sum --check`."""
    sums = []
    for path in sorted(folder.iterdir()):
        if path.name != "SHA256SUMS":
            with path.open("rb") as file:
                sums.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
    (folder / "SHA256SUMS").write_text("".join(sums), "utf-8")


def _say(text: str) -> None:
    print(f"· {text}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.release", description=__doc__)
    parser.add_argument("version", help="three numbers, such as 0.2.0")
    parser.add_argument(
        "--output", default=str(ROOT / ".state/release"), help="folder of the files to publish"
    )
    parser.add_argument(
        "--without-images", action="store_true", help="no images and SBOMs, to try the rest"
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
