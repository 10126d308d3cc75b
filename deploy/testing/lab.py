"""Moved to `tests.support.engines.lab`; this name goes away within the day."""

import runpy

if __name__ != "deploy.testing.lab":
    runpy.run_module("tests.support.engines.lab", run_name="__main__")
