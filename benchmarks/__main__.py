"""`make bench`: every benchmark of this folder, as one table. `python -m benchmarks verify --rounds 3` runs one."""

from __future__ import annotations

import argparse
from importlib import import_module

from rich.console import Console
from rich.table import Table

from benchmarks.measure import interpreter

NAMES = ("verify", "issue", "trustlist", "bundle", "first_verdict", "bundle", "qr", "ledger")


def main() -> None:
    """Run the benchmarks asked for and print what they found."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", default=NAMES, metavar="NAME", help=" ".join(NAMES))
    parser.add_argument("--rounds", type=int, default=9, help="interleaved rounds; medians are printed")
    options = parser.parse_args()
    console = Console(highlight=False)
    console.print(f"{interpreter()}; CPU time, medians of {options.rounds} rounds; ratios are taken round by round")
    for name in options.names:
        table = Table(title=name, title_justify="left", box=None, pad_edge=False, show_header=False)
        for justify in ("left", "right", "left"):
            table.add_column(justify=justify)
        for row in import_module(f"benchmarks.{name}").run(options.rounds):
            table.add_row(row.name, f"{row.value:,.2f}" if row.value < 100 else f"{row.value:,.0f}", row.unit)
        console.print(table)


main()
