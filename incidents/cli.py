"""The commands: set up a school, make the demo, verify the log, check the files."""

import click
from flask import Flask
from flask.cli import with_appcontext

from incidents import clock, mail
from incidents.audit.queries import verify_every_chain
from incidents.database import across_schools
from incidents.errors import NotPossibleNow
from incidents.files import reconciling


def set_up_commands(app: Flask) -> None:
    """Add the commands to `flask`."""
    app.cli.add_command(verify)
    app.cli.add_command(send_messages)
    app.cli.add_command(check_files)
    app.cli.add_command(demo)


@click.command("verify-audit")
@with_appcontext
def verify() -> None:
    """Read every chain of the audit log and say where one does not hold."""
    with across_schools():
        chains, found = verify_every_chain()
    for broken in found:
        click.echo(f"{broken.chain} entry {broken.seq}: {broken.what}")
    click.echo(f"{chains} chains read at {clock.now():%Y-%m-%d %H:%M} UTC, {len(found)} breaks.")
    if found:
        raise SystemExit(1)


@click.command("send-messages")
@with_appcontext
def send_messages() -> None:
    """Send what waits in the outbox list. Run it on the hour, so that its timing tells nothing."""
    click.echo(f"{mail.deliver(clock.now())} messages sent.")


@click.command("check-files")
@click.option("--tidy", is_flag=True, help="Take away what no row owns any more, and uploads that a crash cut off.")
@with_appcontext
def check_files(tidy: bool) -> None:
    """Open every stored file, check its seal, and hold files and rows against each other both ways."""
    at = clock.now()
    with across_schools():
        found = reconciling.check(at)
    for broken in found.broken:
        click.echo(broken)
    click.echo(f"{found.checked} files checked, {len(found.broken)} not whole, {len(found.nobodys)} that no row owns.")
    if tidy:
        click.echo(f"{reconciling.tidy(found, at)} taken away.")
    if found.broken:
        raise SystemExit(1)


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Make the two invented schools. Only in an empty database."""
    from incidents.demo.build import build  # here: a school that is not a demo never loads it

    try:
        build(clock.now())
    except NotPossibleNow as not_now:
        raise click.ClickException(str(not_now)) from not_now
