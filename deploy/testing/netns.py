"""Moved to `tests.support.netns`; this name goes away within the day."""

import runpy

if __name__ != "deploy.testing.netns":
    runpy.run_module("tests.support.netns", run_name="__main__")
