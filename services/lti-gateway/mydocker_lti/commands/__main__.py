"""`python -m mydocker_lti.commands admin|keys|platforms …`, where `mydocker` is not installed."""

from .cli import main

raise SystemExit(main())
