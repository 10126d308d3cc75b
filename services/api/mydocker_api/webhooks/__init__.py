"""Webhooks: changes sent to an address of a person's choice, signed, retried and logged.

`fan_out` makes a delivery for each numbered change and each webhook whose owner may see it, in the
transaction that numbers the change. `delivery` is the leader's loop: it takes the oldest waiting
delivery of each (webhook, subject), so that order holds per subject, and sends a few per webhook at
the same time, so that a slow receiver delays only itself. `sender` signs and posts through the SSRF
guard. A crash repeats at most what was in flight, under the same `webhook-id`.
"""
