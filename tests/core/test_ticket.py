"""Ticket numbers survive people, and no wrong one passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ticket import ALPHABET, FIRST, find_ticket, new_ticket, read_ticket, resembles_ticket

TICKETS = st.builds(new_ticket)


@given(TICKETS)
def test_read_back_however_it_is_written(ticket: str) -> None:
    half, other = ticket.split("-")
    heard = ticket.replace("1", "l").replace("0", "O")
    for written in (ticket, ticket.lower(), half + other, f" {half} {other} ", f"{half} - {other}"):
        assert read_ticket(written) == ticket
    assert read_ticket(heard) == ticket
    assert find_ticket(f"mohon kabar laporan ({ticket}), terima kasih") == ticket
    assert find_ticket(f"nomor 12345 {ticket}") == ticket
    assert find_ticket(f"x{ticket}") == find_ticket(f"{ticket}7") == ""


@given(TICKETS, st.integers(0, 8), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_noticed(ticket: str, where: int, sign: str) -> None:
    signs = ticket.replace("-", "")
    wrong = signs[:where] + sign + signs[where + 1 :]
    assert read_ticket(wrong) == ("" if wrong != signs else ticket)


@given(st.text(max_size=30))
def test_no_text_is_too_odd(text: str) -> None:
    assert read_ticket(text) in ("", find_ticket(text)) or read_ticket(text)[0] in FIRST
    assert find_ticket(text) == "" or read_ticket(find_ticket(text)) == find_ticket(text)


def test_tickets_are_many_and_begin_with_a_digit() -> None:
    tickets = {new_ticket() for _ in range(2000)}
    assert len(tickets) == 2000
    assert {ticket[0] for ticket in tickets} == set(FIRST)
    assert {sign for ticket in tickets for sign in ticket} == {*ALPHABET, "-"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3QSKV-PA71M", True),
        ("3qskv pa71", True),
        ("3QSKVPA71K5", True),
        ("jalan provinsi", False),
        ("Melati", False),
        ("3", False),
        ("", False),
    ],
)
def test_resembles_ticket(written: str, meant: bool) -> None:
    assert resembles_ticket(written) is meant
