"""The whole road, walked on the phone: from the first word to the OPD's answer."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.running_demo import Demo

PATIENCE = 20_000  # ms on the phone: a cold worker beside other work of the machine
TICKET = re.compile(r"Nomor tiket: (\S+)")


@pytest.mark.timeout(240)
@pytest.mark.parametrize("width", [360, 1280])
def test_from_the_first_word_to_the_answer(
    demo: Demo, open_page: Callable[[int], Page], width: int
) -> None:
    page = open_page(width)
    page.goto(f"{demo.phone}/?chat={910_000_000 + width}")
    log = page.get_by_role("log")
    page.get_by_role("button", name="jalan depan SDN 3").click()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Lewati").click(timeout=PATIENCE)
    page.get_by_role("button", name="Kirim", exact=True).and_(page.locator(".keys *")).click(
        timeout=PATIENCE
    )
    expect(log).to_contain_text(TICKET, timeout=PATIENCE)
    found = TICKET.search(log.inner_text())
    assert found
    ticket = found[1]

    listed = demo.api("GET", "/reports").json()["reports"]
    assert ticket in {report["ticket"] for report in listed}
    demo.api("POST", f"/reports/{ticket}/assign", agency="pupr")
    expect(log).to_contain_text("Dinas Pekerjaan Umum", timeout=PATIENCE)
    answer = f"Lubang di depan sekolah ditambal besok pagi ({width})."
    demo.api("POST", f"/reports/{ticket}/answer", text=answer)
    expect(log).to_contain_text(answer, timeout=PATIENCE)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
