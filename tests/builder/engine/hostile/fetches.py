"""Dockerfiles whose fetches are done by the engine itself, from the machine's own network.

`{at}` is host and port of the canary on loopback, `{port}` its port.
"""

_FROM = "FROM debian:12\n"
_ADDED = {
    "an address": "ADD http://{at}/a /x",
    "in small letters": "add http://{at}/a /x",
    "with a mode": "ADD --chmod=644 http://{at}/a /x",
    "with a link": "ADD --link http://{at}/a /x",
    "with a checksum": "ADD --checksum=sha256:" + "0" * 64 + " http://{at}/a /x",
    "as a list": 'ADD ["http://{at}/a", "/x"]',
    "from an argument": "ARG U=http://{at}/a\nADD ${{U}} /x",
    "from a variable": "ENV U={at}\nADD http://$U/a /x",
    "from a default": "ADD ${{NONE:-http://{at}/a}} /x",
    "behind a continued line": "ADD \\\n  # a comment\n  http://{at}/a /x",
    "behind an escaped escape": "RUN echo a\\\\\nADD http://{at}/a /x",
    "as a second source": "ADD Dockerfile http://{at}/a /x/",
    "beside a heredoc": "ADD <<one http://{at}/a /x/\ntext\none",
    "behind a heredoc": "RUN <<one\ntrue\none\nADD http://{at}/a /x",
    "with a name and a password": "ADD http://me:secret@{at}/a /x",
    "in capitals": "ADD http://LOCALHOST:{port}/a /x",
    "of a name for loopback": "ADD http://localhost:{port}/a /x",
    "of another loopback address": "ADD http://127.9.9.9:{port}/a /x",
    "of no address": "ADD http://0.0.0.0:{port}/a /x",
    "of IPv6's loopback": "ADD http://[::1]:{port}/a /x",
    "of an address mapped to IPv6": "ADD http://[::ffff:127.0.0.1]:{port}/a /x",
    "in hexadecimal, mapped to IPv6": "ADD http://[::ffff:7f00:1]:{port}/a /x",
    "by TLS": "ADD https://{at}/a /x",
    "of a Git repository": "ADD http://{at}/a.git /x",
    "of a part of a Git repository": "ADD http://{at}/a.git#main:folder /x",
    "with the repository's own files": "ADD --keep-git-dir=true http://{at}/a.git /x",
    "by Git's own protocol": "ADD git://{at}/a.git /x",
}
_IMAGES = {
    "a base image": "FROM {at}/a:1",
    "a base image by its digest": "FROM {at}/a@sha256:" + "0" * 64,
    "a base image for a platform": "FROM --platform=linux/amd64 {at}/a:1",
    "a base image from an argument": "ARG HOST={at}\nFROM ${{HOST}}/a:1",
    "a base image by a name for loopback": "FROM localhost:{port}/a:1",
    "the base of a copied stage": "FROM {at}/a:1 AS one\nFROM debian:12\nCOPY --from=one / /x",
    "an image that is copied from": _FROM + "COPY --from={at}/a:1 /x /x",
    "an image that is linked": _FROM + "COPY --link --from={at}/a:1 /x /x",
    "an image that is mounted": _FROM + "RUN --mount=type=bind,from={at}/a:1,target=/x true",
    "an image under a cache": _FROM + "RUN --mount=type=cache,from={at}/a:1,target=/x true",
    "a frontend": "# syntax={at}/a:1\n" + _FROM,
    "a frontend behind a shell's line": "#!/bin/sh\n# syntax = {at}/a:1\n" + _FROM,
    "a trigger of a stage": _FROM.replace("\n", " AS one\n")
    + "ONBUILD ADD http://{at}/a /x\nFROM one\n",
    "a trigger that copies": _FROM.replace("\n", " AS one\n")
    + "ONBUILD COPY --from={at}/a:1 / /x\nFROM one\n",
    "with another escape": "# escape=`\n" + _FROM + "ADD `\nhttp://{at}/a /x\n",
    "with Windows line ends": (_FROM + "ADD http://{at}/a /x\n").replace("\n", "\r\n"),
    "behind a byte order mark": "\ufeff" + _FROM + "ADD http://{at}/a /x\n",
}
FETCHES = {f"ADD {name}": f"{_FROM}{line}\n" for name, line in _ADDED.items()} | _IMAGES
