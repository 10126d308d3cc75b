"""LTI launches: OIDC login initiation, id_token validation, deep linking."""
