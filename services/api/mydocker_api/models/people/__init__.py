"""Tables of people: their identities, API tokens and shares."""
