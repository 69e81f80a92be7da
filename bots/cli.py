"""The command line. Exit 0: done; 2: bad input, said in one line; 1: ours."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import NoReturn

from bots import logs
from models.enums import SOCIAL_CHANNELS
from models.errors import HimError

BAD_INPUT = 2
PERIODS = ("daily", "weekly", "monthly", "quarterly", "half-yearly", "yearly")
ROLES = ("web", "poller", "worker", "sender", "clock", "reporter")


class OneLineParser(argparse.ArgumentParser):
    """Says a mistake in one line, without the whole usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str]) -> int:
    """Run one command; its exit code."""
    options = parser().parse_args(arguments)
    logs.set_up(verbose=options.verbose)
    command = importlib.import_module(f"bots.commands.{options.module}")
    try:
        return int(command.run(options))
    except HimError as error:
        print(f"run_bots.py {options.command or ''}: {error}".replace(" :", ":"), file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    top = OneLineParser(prog="run_bots.py", description="Shared inbox for a city's social media desk.")
    top.add_argument("--verbose", action="store_true", help="log what happens")
    top.set_defaults(module="roles", command=None, role=None)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", parser_class=OneLineParser)
    _add_demo(commands)
    _add_language(commands)
    _add_desk(commands)
    _add_records(commands)
    for role in ROLES:
        one = commands.add_parser(role, help=f"run the {role} role alone")
        one.set_defaults(module="roles", role=role)
    return top


def _add_demo(commands: "argparse._SubParsersAction[OneLineParser]") -> None:
    demo = commands.add_parser("demo", help="simulators, scripted citizens, everything on")
    demo.add_argument("--for", dest="seconds", type=float, metavar="SECONDS", help="end after so many real seconds")
    demo.add_argument("--messages", type=int, metavar="N", help="how many messages citizens write")
    demo.add_argument("--speed", type=float, metavar="X", help="clock speed (default 60 with --for, else 1)")
    demo.add_argument("--json", action="store_true", help="print the counts as one JSON object on the last line")
    demo.add_argument("--ledger", metavar="FILE", help="write every send and receipt on the simulators' side")
    demo.set_defaults(module="demo")


def _add_language(commands: "argparse._SubParsersAction[OneLineParser]") -> None:
    parse = commands.add_parser("parse", help="read webhooks, updates or poll answers of a platform")
    parse.add_argument("platform", choices=[channel.value for channel in SOCIAL_CHANNELS])
    parse.add_argument("files", nargs="+", metavar="FILE")
    parse.set_defaults(module="parse")
    classify = commands.add_parser("classify", help="JSON lines in, JSON lines out")
    classify.set_defaults(module="classify")
    evaluate = commands.add_parser("evaluate", help="metrics of a labelled file as one JSON object")
    evaluate.add_argument("files", nargs="+", metavar="FILE")
    evaluate.set_defaults(module="evaluate")
    train = commands.add_parser("train", help="corpus -> artefact in DATA_DIR, with its metrics")
    train.add_argument("--seed", type=int, default=7)
    train.add_argument("--if-needed", action="store_true", help="do nothing where a fitting artefact is there")
    train.add_argument("--with-corrections", action="store_true", help="make a challenger that learned from the desk")
    train.add_argument(
        "--hold-out", type=_weeks, default=4, metavar="WEEKS", help="leave the last weeks' messages for the replay"
    )
    train.add_argument("--card", metavar="FILE", help="measure on the test split and write the model card")
    train.set_defaults(module="train")
    _add_learning(commands)
    knowledge = commands.add_parser("knowledge", help="search Akıl Kutusu, draft a reply")
    knowledge.add_argument("verb", choices=["search", "draft"])
    knowledge.add_argument("text")
    knowledge.add_argument("--json", action="store_true")
    knowledge.set_defaults(module="knowledge")


def _weeks(text: str) -> int:
    if not text.isdecimal() or len(text) > 3:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of weeks")
    return int(text)


def _add_learning(commands: "argparse._SubParsersAction[OneLineParser]") -> None:
    replay = commands.add_parser("replay", help="champion and challenger on past weeks' settled messages")
    replay.add_argument("--weeks", type=_weeks, default=4, metavar="N")
    replay.set_defaults(module="replay")
    promote = commands.add_parser("promote", help="put a better challenger to work, or the earlier model again")
    promote.add_argument("--by", required=True, metavar="LOGIN", help="who decides: a chief or an administrator")
    promote.add_argument("--back", action="store_true", help="back to the earlier champion")
    promote.set_defaults(module="promote")
    corrections = commands.add_parser("corrections", help="the desk's corrections as corpus rows")
    corrections.add_argument("--out", required=True, metavar="FILE")
    corrections.set_defaults(module="corrections")


def _add_desk(commands: "argparse._SubParsersAction[OneLineParser]") -> None:
    report = commands.add_parser("report", help="channel report of a period")
    report.add_argument("period", choices=PERIODS)
    report.add_argument("--ending", metavar="DATE", help="last day of the period, YYYY-MM-DD (default: yesterday)")
    report.add_argument("--out", required=True, metavar="DIR")
    report.set_defaults(module="report")
    doctor = commands.add_parser("doctor", help="check configuration, credentials, database, Redis, disk, model")
    doctor.set_defaults(module="doctor")
    database = commands.add_parser("db", help="the database")
    database.add_argument("verb", choices=["upgrade"])
    database.set_defaults(module="data")
    backup = commands.add_parser("backup", help="database, files and secrets into one file")
    backup.add_argument("--to", required=True, metavar="FILE")
    backup.set_defaults(module="backup")
    restore = commands.add_parser("restore", help="read a backup back")
    restore.add_argument("--from", dest="source", required=True, metavar="FILE")
    restore.add_argument("--replace", action="store_true", help="even where there is data: it is lost")
    restore.set_defaults(module="restore")
    users = commands.add_parser("users", help="people who work in the inbox")
    users.add_argument("verb", choices=["add", "list", "reset", "deactivate"])
    users.add_argument("login", nargs="?")
    users.add_argument("--name")
    users.add_argument("--roles", help="comma-separated, such as agent,team_lead")
    users.add_argument("--unit", help="unit id, for unit users; a district as ilce:NAME")
    users.add_argument("--email")
    users.set_defaults(module="users")


def _add_records(commands: "argparse._SubParsersAction[OneLineParser]") -> None:
    history = commands.add_parser("history", help="walk the chains of hashes of the applications' histories")
    history.add_argument("verb", choices=["verify"])
    history.add_argument("--number", metavar="NUMBER", help="one application alone, such as HİM-2026-0000001")
    history.set_defaults(module="history")
    retention = commands.add_parser("retention", help="anonymise what has been kept long enough")
    retention.add_argument("verb", choices=["run"])
    retention.add_argument("--dry-run", action="store_true", help="count only")
    retention.set_defaults(module="retention")
