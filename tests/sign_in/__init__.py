"""Tests of `mydocker_lti.sign_in` with servers that implement the protocols."""
