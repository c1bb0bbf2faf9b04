"""Tables as CSV (RFC 4180): a header, CRLF, fields quoted where needed, columns that stay."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from fastapi import Response

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet run a text as a formula, at its beginning."""

Field = str | int | float | bool | None


def sheet(name: str, columns: Sequence[str], rows: Iterable[Sequence[Field]]) -> Response:
    """Answer with rows under their columns; what is not known is an empty field."""
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow(columns)
    lines.writerows([_written(each) for each in row] for row in rows)
    disposition = f'attachment; filename="{name}.csv"'
    return Response(
        text.getvalue(), media_type=MEDIA_TYPE, headers={"content-disposition": disposition}
    )


def _written(field: Field) -> str:
    if field is None:
        return ""
    if isinstance(field, bool):
        return "true" if field else "false"
    if isinstance(field, str):
        return f"'{field}" if field.startswith(FORMULA) else field
    return str(field)
