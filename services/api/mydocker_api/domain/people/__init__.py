"""Rules about people: their accounts, roles by roster and public keys."""
