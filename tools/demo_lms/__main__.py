"""`python -m demo_lms --port 8600 --state FOLDER --tool-origin http://localhost:8000`."""

import argparse
from pathlib import Path

import uvicorn

from .app import build
from .lms import Lms
from .settings import Settings


def main() -> None:
    """Serve on loopback, on another origin than the tool."""
    parser = argparse.ArgumentParser(prog="demo_lms", description=__doc__)
    parser.add_argument("--port", type=int, default=8600)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--origin", help="address people use, when it is not host and port")
    parser.add_argument("--tool-origin", default="http://localhost:8000")
    parser.add_argument("--state", type=Path, required=True, help="folder for grades and key")
    options = parser.parse_args()
    origin = options.origin or f"http://{options.host}:{options.port}"
    settings = Settings(origin.rstrip("/"), options.tool_origin.rstrip("/"), options.state)
    uvicorn.run(
        build(Lms.open(settings)),
        host=options.host,
        port=options.port,
        access_log=False,  # addresses hold sesskeys
        log_level="warning",
        timeout_graceful_shutdown=3,
    )


main()
