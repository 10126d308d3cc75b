"""Tests of `mydocker_lti.keys`."""
