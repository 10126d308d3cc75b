"""The Docker Engine: API versions, errors, and the client that every async program uses."""
