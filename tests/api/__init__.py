"""The api, over real PostgreSQL and real HTTP, with the other services played."""
