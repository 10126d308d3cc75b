"""`mydocker`: its options, its sign-in, and its exit codes."""

import signal
import sys
from collections.abc import Callable
from typing import Any

import click
from click.shell_completion import get_completion_class

from .. import __version__, config
from ..client import Client
from ..errors import ClientError, Exit
from .courses import courses, sessions
from .environments import environments
from .files import apply, export
from .images import builds, images
from .operating import changes, people, pools
from .output import Session, pass_session

_EXIT_CODES = """\b
Exit codes: 0 done, 1 failed, 2 usage, 3 not signed in, 4 not allowed, 5 not found, 6 conflict,
7 invalid, 8 try again later, 9 differs (apply --check)."""


@click.group(epilog=_EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mydocker")
@click.option(
    "--output", "-o", type=click.Choice(["table", "json"]), default="table", show_default=True
)
@click.pass_context
def cli(context: click.Context, output: str) -> None:
    """Work with MyDocker from a shell or a script."""
    session = context.ensure_object(Session)
    session.format = output
    context.call_on_close(session.close)


@cli.command()
@click.argument("address")
def login(address: str) -> None:
    """Sign in at ADDRESS with an API token.

    The token is asked for, or read from standard input: it is never part of the command line. It is
    kept in a file that only you may read.
    """
    if sys.stdin.isatty():
        token = click.prompt("API token", hide_input=True)
    else:
        token = sys.stdin.readline()
    client = Client(address, token.strip())
    try:
        me = client.me()
    finally:
        client.close()
    config.save(config.Login(address, token.strip()))
    click.echo(f"Signed in at {address} as {me.name}.")


@cli.command()
def logout() -> None:
    """Forget address and token. The token itself stays valid until it is revoked."""
    click.echo("Signed out." if config.forget() else "Nobody was signed in.")


@cli.command()
@pass_session
def whoami(session: Session) -> None:
    """Show whose token is in use."""
    me = session.client.me()
    facts = [("name", me.name), ("id", str(me.id)), ("may", ", ".join(me.can))]
    session.show(me, facts)


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh"]))
def completion(shell: str) -> None:
    """Print completion for a shell: eval "$(mydocker completion bash)"."""
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - both shells are click's own
    click.echo(kind(cli, {}, "mydocker", "_MYDOCKER_COMPLETE").source())


for _command in (
    courses,
    sessions,
    images,
    builds,
    environments,
    people,
    pools,
    changes,
    apply,
    export,
):
    cli.add_command(_command)


def main() -> None:
    """Run the command; a failure is one sentence on standard error and its exit code."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # end quietly when the reader of a pipe does
    sys.exit(run(cli.main))


def run(command: Callable[..., Any], *arguments: Any) -> int:
    """The exit code of a command."""
    try:
        return int(command(*arguments, standalone_mode=False, prog_name="mydocker") or 0)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("Aborted.", err=True)
        return Exit.FAILED
    except ClientError as error:
        click.echo(f"mydocker: {error}", err=True)
        return error.exit
