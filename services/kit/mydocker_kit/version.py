"""The version of MyDocker: every package, the OpenAPI description and the images read it here.

`make release` writes it. Between releases it is that of the last one.
"""

VERSION = "0.1.0"
