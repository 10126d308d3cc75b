"""Reads hostile archives in a child process: `python -m mydocker_api.unpacking`.

The parent sends the archive piece by piece as the child asks for it, and receives the entries and
the content of files in chunks. No path of an archive is ever opened: entries are records, content
is numbered data, and the child may not write to any file (`RLIMIT_FSIZE`). It inherits no variable
of the api, and its memory and processor time are limited, so that a decompression bomb ends it and
nothing else. This package imports the standard library and zstandard only: a child starts in 0.1 s.
"""
