"""The program that stays on a node: reapplies its firewall rules, answers the orchestrator."""
