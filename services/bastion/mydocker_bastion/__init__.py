"""The one SSH door: a login name chooses the environment, the environment checks who comes."""
