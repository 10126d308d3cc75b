"""A release: version, changelog, tag, images with labels and SBOM, and an installation bundle.

`python -m deploy.release 0.2.0` works on a clean checkout, in this order: `repository` refuses what
cannot be released, `versions` and `changelog` change the files that name the version, the change is
committed, `images` builds and describes what runs, `bundle` packs what an operator needs, and the
tag comes last. So a release that failed on its way has no tag, and the same command goes on where
it stopped. Nothing is pushed.
"""
