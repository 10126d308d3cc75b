"""Tests of `mydocker_lti.platforms`."""
