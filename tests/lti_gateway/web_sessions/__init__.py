"""Tests of `mydocker_lti.web_sessions`."""
