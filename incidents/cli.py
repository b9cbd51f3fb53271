"""The commands: set up a school, make the demo, verify the log, check the files."""

import os
from datetime import datetime
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from incidents import clock, jobs, setting_up
from incidents.access import Role
from incidents.audit.queries import verify_every_chain
from incidents.database import across_schools
from incidents.errors import NotPossibleNow, Refused
from incidents.files import reconciling
from incidents.migrating import learn_to_migrate
from incidents.schools.data_file import PackBroken
from incidents.schools.jurisdiction import Nation, SchoolType, school_types
from incidents.schools.pack import NoSuchPack


def set_up_commands(app: Flask) -> None:
    """Add the commands to `flask`."""
    app.cli.add_command(setup)
    app.cli.add_command(add_administrator)
    app.cli.add_command(load_pack)
    app.cli.add_command(verify)
    app.cli.add_command(send_messages)
    app.cli.add_command(check_files)
    app.cli.add_command(demo)
    if os.environ.get("FLASK_RUN_FROM_CLI") == "true":  # `flask db` too; a server has no use for it
        learn_to_migrate(app)


# Who the second person may be. A headteacher is an administrator too, or could not agree to anything.
SECOND = {
    "headteacher": (Role.HEADTEACHER, Role.ADMINISTRATOR),
    "administrator": (Role.ADMINISTRATOR,),
    "nobody": (),
}
WHY_TWO = (
    "\nRoles such as headteacher or safeguarding lead take two people: one proposes, another agrees. "
    "With a second person the school can begin today."
)


def _address(context: click.Context, option: click.Parameter, typed: str) -> str:  # noqa: ARG001 - the interface
    try:
        return setting_up.as_address(typed)
    except Refused as refused:
        raise click.BadParameter(refused.message) from refused


@click.command("setup")
@click.option("--name", prompt="Name of the school")
@click.option(
    "--short-name", prompt="Short name, for the top of each page", default=lambda: "", show_default="the same"
)
@click.option("--nation", prompt="Nation", type=click.Choice([nation.value for nation in Nation]))
@click.option("--type", "school_type", type=click.Choice([kind.value for kind in SchoolType]))
@click.option("--administrator", prompt="First administrator: first and family name")
@click.option("--email", prompt="Their e-mail address", callback=_address)
@click.option("--second", type=click.Choice([*SECOND]), help="Who the second person is.")
@click.option("--second-name")
@click.option("--second-email")
@with_appcontext
def setup(name: str, short_name: str, nation: str, school_type: str | None, administrator: str, email: str,
          second: str | None, second_name: str | None, second_email: str | None) -> None:  # fmt: skip
    """Set up a real school with its first people. What is not given as an option is asked for."""
    kind = SchoolType(school_type or _ask_type(Nation(nation)))
    beginners = [setting_up.Beginner(administrator, email, (Role.ADMINISTRATOR,))]
    if second is None:
        click.echo(WHY_TWO)
        second = click.prompt("Who is the second person?", type=click.Choice([*SECOND]), default="headteacher")
    if roles := SECOND[second]:
        who = second_name or click.prompt("Their first and family name")
        where = second_email or click.prompt("Their e-mail address", value_proc=_asked_address)
        beginners.append(setting_up.Beginner(who, where, roles))
    _print_links(name, _tried(
        setting_up.set_up_school, name, short_name or name, Nation(nation), kind, beginners,
        current_app.config["SETTINGS"].address, clock.now(),
    ))  # fmt: skip
    if not roles:
        click.echo("There is one administrator only. Add a second one with: flask add-administrator")


def _ask_type(nation: Nation) -> str:
    types = school_types(nation)
    click.echo("\n".join(f"  {key}: {says}" for key, says in types.items()))
    kind: str = click.prompt("Type of school", type=click.Choice([key.value for key in types]))
    return kind


def _asked_address(typed: str) -> str:
    try:
        return setting_up.as_address(typed)
    except Refused as refused:
        raise click.UsageError(refused.message) from refused


def _tried(act: Any, *given: Any) -> Any:
    """Do it, or say in a sentence why not; nothing is kept then."""
    try:
        return act(*given)
    except (Refused, NoSuchPack, PackBroken) as refused:
        raise click.ClickException(str(refused)) from refused


def _print_links(name: str, links: list[tuple[str, str]]) -> None:
    click.echo(f"\n{name} is set up. Each link works once, for seven days; give it to nobody but its owner:")
    for address, link in links:
        click.echo(f"  {address}\n    {link}")
    click.echo("\nStart the product with `make run` and the same DATA, open the link and choose a password.")
    click.echo("Then sign in as administrator: enter the terms under School, and the others under Accounts.")


@click.command("add-administrator")
@click.option("--school", prompt="Name of the school")
@click.option("--administrator", prompt="New administrator: first and family name")
@click.option("--email", prompt="Their e-mail address", callback=_address)
@with_appcontext
def add_administrator(school: str, administrator: str, email: str) -> None:
    """Give a school one more administrator, where there are too few to meet the rule of two people."""
    address = current_app.config["SETTINGS"].address
    link = _tried(setting_up.add_administrator, school, administrator, email, address, clock.now())
    click.echo(f"The other administrators are told. The link works once, for seven days:\n  {link}")


@click.command("load-pack")
@click.argument("name")
@click.option("--school", help="Name of the school; not needed where there is only one.")
@click.option(
    "--adopted-on", type=click.DateTime(["%Y-%m-%d"]), help="Where the pack bears no date: when it was adopted."
)
@with_appcontext
def load_pack(name: str, school: str | None, adopted_on: datetime | None) -> None:
    """Put a policy pack in force at once in a school that has no such policy. NAME is a pack's, or a file's."""
    day = adopted_on.date() if adopted_on else None
    version = _tried(setting_up.load_pack, name, school, day, clock.now())
    click.echo(
        f"{version.title} is in force from {version.in_force_from}. It stands as adopted before: {version.adopted_before}."
    )


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
    """One round by hand: make the reminders that are due and send what waits. Best on the hour: its time then tells nothing."""
    click.echo(f"{jobs.round_by_hand(clock.now())} messages sent.")


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
