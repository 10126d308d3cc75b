"""Everything about people: their identities, their account, and the operators' directory."""
