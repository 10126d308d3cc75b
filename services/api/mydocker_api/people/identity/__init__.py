"""Who a person is: the caller's own profile, (issuer, subject) pairs, operators."""
