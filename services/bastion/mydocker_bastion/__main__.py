"""`python -m mydocker_bastion serve`."""

from mydocker_kit.runtime.cli import main

from .main import SERVICE, build
from .settings import Settings

if __name__ == "__main__":
    main(SERVICE, Settings, build, None)
