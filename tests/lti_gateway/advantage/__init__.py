"""Tests of `mydocker_lti.advantage`."""
