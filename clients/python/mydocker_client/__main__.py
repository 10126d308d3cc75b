"""`python -m mydocker_client` is the command `mydocker`."""

from .cli.main import main

main()
