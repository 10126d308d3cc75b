"""The programs of the demo: what each is, its settings, and when it is ready."""
