"""Where the work folder of an environment is, for operators."""
