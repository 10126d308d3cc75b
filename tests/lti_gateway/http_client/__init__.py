"""Tests of `mydocker_kit.outgoing`."""
