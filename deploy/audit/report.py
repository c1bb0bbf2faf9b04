"""What a person reads of an audit."""

from __future__ import annotations

from collections.abc import Iterator

from deploy.audit.finding import NO_DIFFERENCE, Kind, Report
from shared.contracts.topics import SERVICES

MOST_SHOWN = 20
"""Findings of one kind that a person is shown; the rest is counted."""


def text(report: Report) -> str:
    """Say what was compared and what was found."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield f"Audit of node {report.node}"
    counts = "  ".join(f"{service} {report.complaints[service]}" for service in SERVICES)
    refused = f"; {report.refused} records refused" if report.refused else ""
    yield f"  complaints   {counts}{refused}"
    if report.archived.total():
        archived = "  ".join(f"{service} {n}" for service, n in report.archived.items())
        yield f"  archived     {archived}"
    for kind in sorted(report.kinds, key=lambda kind: (kind in NO_DIFFERENCE, kind)):
        count = report.kinds[kind]
        mark = "listed" if kind in NO_DIFFERENCE else "DIFFERS"
        words = f": {NO_DIFFERENCE[kind]}" if kind in NO_DIFFERENCE else ""
        yield f"  {mark:<8} {count:>6}  {kind}{words}"
        for finding in report.listed[kind][:MOST_SHOWN]:
            yield f"      {finding.complaint} {finding.sentence}".rstrip()
        if count > MOST_SHOWN:
            yield f"      and {count - MOST_SHOWN} more (--json lists up to 100 of each kind)"
    if report.mended:
        yield f"  {report.mended} complaints or windows will be told again by their services"
    elif any(each.teller for kind in report.listed.values() for each in kind if each.differs):
        yield "  mend: the same command with --mend has services tell again what others lack"
    verdict = "clean" if not report.differences else f"{report.differences} differences"
    moving = report.kinds[Kind.UNDER_WAY]
    rest = f"; {moving} under way, which another audit in a minute finds arrived" if moving else ""
    yield f"{verdict}, after {report.seconds:.1f} s{rest}"
