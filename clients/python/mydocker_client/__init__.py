"""A typed client of the MyDocker REST API, and the command line `mydocker` over it."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("mydocker-client")
except PackageNotFoundError:  # run from its sources
    __version__ = "0"
