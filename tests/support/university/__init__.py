"""A university's year of rows for a development or benchmark database.

`rows` makes them, a table at a time, under ids that depend on their number alone; `plant` inserts
them and leaves what is there. `python -m tests.support.university` (`make seed`) fills the database
of `make dev-api`.
"""
