"""What the demo's mailbox shows."""

from __future__ import annotations

import httpx

from deploy.demo.mailbox import Mailbox, create_mailbox

SMS = {
    "id": "6d1f",
    "channel": "sms",
    "to": "+6280000000006",
    "text": "Laporan <b>8171-0000</b> diterima.",
    "language": "id",
}


async def test_an_sms_is_taken_once_and_shown_as_text() -> None:
    """What notification posts to a gateway stands on the page, whatever is in it, and once."""
    app = create_mailbox(Mailbox(), "127.0.0.1", 0)
    line = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=line, base_url="http://mailbox") as client:
        for _ in range(2):
            assert (await client.post("/api/v1/texts", json=SMS)).status_code == 202
        mails = (await client.get("/api/v1/mails")).json()
        page = (await client.get("/", params={"lang": "id"})).text
        refused = await client.post("/api/v1/texts", json={**SMS, "channel": "post"})
    assert [(mail["by"], mail["to"]) for mail in mails] == [("sms", SMS["to"])]
    assert "<h2>SMS</h2>" in page
    assert "Laporan &lt;b&gt;8171-0000&lt;/b&gt; diterima." in page
    assert refused.status_code == 422
