"""Submitted work: students submit their work folder, teachers read it."""
