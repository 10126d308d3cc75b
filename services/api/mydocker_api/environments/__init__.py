"""Environments of people: the student's window, stops by editors and operators, desktops."""
