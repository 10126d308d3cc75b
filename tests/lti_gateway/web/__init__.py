"""Tests of `mydocker_lti.web`."""
