"""Charts as SVG: numbers in, markup out. Colours come by class, so that they print and adapt."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

WIDTH, HEIGHT, FOOT = 480, 120, 18
GAP = 0.25
"""Part of a column's room that is left free."""


def columns(values: Sequence[int], labels: Sequence[str], title: str, every: int = 1) -> Markup:
    """Draw columns from the ground; every so-manieth is labelled. A table stands under it."""
    top, room = max([*values, 1]), WIDTH / max(len(values), 1)
    high = HEIGHT - FOOT
    parts = [
        Markup('<line class="axis" x1="0" x2="{w}" y1="{y}" y2="{y}"/>').format(w=WIDTH, y=high)
    ]
    for place, (value, label) in enumerate(zip(values, labels, strict=True)):
        tall = round(value / top * (high - 14), 1)
        if value:
            parts.append(
                Markup('<rect class="col" x="{x}" y="{y}" width="{w}" height="{h}"/>').format(
                    x=round(place * room + room * GAP / 2, 1),
                    y=round(high - tall, 1),
                    w=round(room * (1 - GAP), 1),
                    h=tall,
                )
            )
        if place % every == 0:
            parts.append(
                Markup('<text x="{x}" y="{y}">{label}</text>').format(
                    x=round(place * room + room / 2, 1), y=HEIGHT - 4, label=label
                )
            )
    return Markup(
        '<svg class="chart" role="img" viewBox="0 0 {w} {h}"><title>{title}</title>{parts}</svg>'
    ).format(w=WIDTH, h=HEIGHT, title=title, parts=Markup().join(parts))


def share(part: int, whole: int) -> Markup:
    """Draw a bar beside a share that is written out; a reader of the screen needs it not."""
    width = round(100 * part / whole, 1) if whole else 0
    return Markup(
        '<svg class="bar" aria-hidden="true" focusable="false" viewBox="0 0 100 8" '
        'preserveAspectRatio="none"><rect class="room" width="100" height="8"/>'
        '<rect class="col" width="{width}" height="8"/></svg>'
    ).format(width=width)
