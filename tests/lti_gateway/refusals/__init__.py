"""Tests of `mydocker_lti.refusals`."""
