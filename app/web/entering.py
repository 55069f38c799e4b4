"""Coming in and going out."""

from __future__ import annotations

from .visit import Onward, Shown, Visit, own_address


def login(visit: Visit) -> Shown:
    return Shown("login.html", {"back": own_address(visit.value("back"))}, data={"login": True})


def enter(visit: Visit) -> Onward:
    ticket = visit.site.gate.enter(visit.posted("name"), visit.posted("password"))
    return Onward(own_address(visit.posted("back")), {visit.ticket_name: ticket}, passing=True)


def leave(visit: Visit) -> Onward:
    visit.site.gate.leave(visit.ticket)
    return Onward("/login", {visit.ticket_name: ""})
