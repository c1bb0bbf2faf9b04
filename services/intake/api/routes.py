"""Report and track. No account: a tracking number and its PIN."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Header, Path, Request, Response

from services.intake.api.asked import CategoriesOut
from services.intake.api.asker import Address, address_of
from services.intake.api.messages import FiledOut, TrackedOut
from services.intake.api.sent import ComplaintIn
from services.intake.api.spoken import InLanguage, say_language
from services.intake.domain.complaint import Complaint
from services.intake.handlers import Asker, Intake, Tried, read_pin, request_of_citizen
from services.intake.wording.sentences import outside_words
from services.intake.wording.telling import Names, Teller
from shared.contracts.vocabulary import zone_of
from shared.runtime.document import Cause, Document, Refused
from shared.runtime.web import (
    IdempotencyKey,
    Trace,
    create_router,
    described,
    etag,
    idempotency_key,
    read_body,
    trace_of,
    with_header,
)
from shared.ui.speech import language_of

PREFIX = "/api/v1/complaints"
_FILING = with_header(
    with_header(
        with_header(
            described(ComplaintIn),
            "Accept-Language",
            "``id`` or ``en``: the language of problems and of ``outside``; Indonesian by default.",
        ),
        "Kentongan-Ticket",
        "What an answer 429 gave for this very report: it is taken with it.",
    ),
    "Idempotency-Key",
    "16 to 128 visible ASCII characters, not to be guessed. The same key with the same report "
    "gets the same answer, and nothing happens twice; with another report it is refused. Without "
    "one, a report that is sent again is another one.",
)


async def _pin(
    address: Address,
    pin: Annotated[
        str | None,
        Header(
            alias="Kentongan-PIN",
            description="The six digits given with it, or the long PIN that was given or sent.",
        ),
    ] = None,
) -> Tried:
    if not pin:
        missing = (
            "The header Kentongan-PIN is missing: send the PIN in it, six digits or a long one "
            "such as 7K3M-9QXT-2HAB."
        )
        raise Refused(400, "wrong_header", missing, "Kentongan-PIN")
    if (read := read_pin(pin)) is None:
        detail = "Kentongan-PIN is the PIN: six digits, or a long one such as 7K3M-9QXT-2HAB."
        raise Refused(400, "wrong_header", detail, "Kentongan-PIN")
    return Tried(read, address)


Pin = Annotated[Tried, Depends(_pin)]
"""In a header, so that it stands in no log and no browser's history."""
Number = Annotated[
    str,
    Path(max_length=40, description="The tracking number, in any case, with or without dashes."),
]


async def _citizens(request: Request, key: IdempotencyKey, trace: Trace) -> Cause:
    return request_of_citizen(key, trace, named="idempotency-key" in request.headers)


AskedByCitizen = Annotated[Cause, Depends(_citizens)]
"""What somebody without an account asks, under the id of the request."""


def create_api(intake: Intake) -> APIRouter:
    """Build the routes."""
    api = create_router("", ["citizen"])

    @api.post(
        PREFIX,
        status_code=201,
        response_class=Response,
        responses={201: {"model": FiledOut}},
        openapi_extra=_FILING,
    )
    async def file(request: Request) -> Response:
        """Report something (lapor), and get its number and PIN.

        201 means: stored durably, readable at once. The same request again is answered as it was
        the first time. Where very many come from one address or contact, 429 gives a ticket: sent
        again unchanged with it, after the seconds in Retry-After, the report is taken.
        """
        body = await read_body(request, ComplaintIn)
        headers = request.headers
        key = idempotency_key(headers) if "idempotency-key" in headers else None
        asker = Asker(address_of(request), headers.get("kentongan-ticket"))
        filed = await intake.submit(body.draft(), body.contact(), key, trace_of(headers), asker)
        outside = outside_words(filed.outside, language := language_of(request))
        answer = {**filed._asdict(), "outside": outside, "status": "received", "revision": 1}
        place = {"location": f"{PREFIX}/{filed.tracking_number}"}
        response = Response(orjson.dumps(answer), 201, place, "application/json")
        say_language(response.headers, language)
        return response

    @api.get("/api/v1/categories", response_model_exclude_unset=True)
    async def categories(response: Response) -> CategoriesOut:
        """List what a report can be about, and what is asked then."""
        response.headers["cache-control"] = "public, max-age=300"
        return CategoriesOut.of(intake.complaints.categories.beside(intake.routed))

    @api.get(f"{PREFIX}/{{tracking_number}}")
    async def track(
        tracking_number: Number, pin: Pin, language: InLanguage, response: Response
    ) -> TrackedOut:
        """Show where a complaint stands; an unknown number and a wrong PIN look the same."""
        document = await intake.track(tracking_number, pin)
        return await answer(intake, document, language, response)

    return api


async def answer(
    intake: Intake, document: Document[Complaint], language: str, response: Response
) -> TrackedOut:
    """Show a complaint as it stands today, under the revision that a change has to bring."""
    response.headers["etag"] = etag(document.revision)
    today = datetime.now(zone_of(intake.node)).date()
    main = await intake.main_of(document)
    categories = intake.complaints.categories.categories
    names = Names(intake.called, intake.places.table.name, categories)
    tell, outside = Teller(language, names), intake.outside(document)
    return TrackedOut.of(document, await intake.views(), today, main, tell, outside)
