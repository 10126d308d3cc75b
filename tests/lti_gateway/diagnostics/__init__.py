"""Tests of `mydocker_lti.diagnostics`."""
