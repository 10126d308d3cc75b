"""Tests of the LTI gateway, by feature, with a fake platform that signs its own tokens."""
