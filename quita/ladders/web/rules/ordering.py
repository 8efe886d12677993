"""The order that a person gave to a list: dragged, or moved one place by a button."""

from django.http import HttpRequest


def wanted(request: HttpRequest) -> list[int]:
    """The ids of the form in their new order. `move` is "up:7" or "down:7" when a button moved number 7."""
    order = [int(one) for one in request.POST.getlist("order") if one.isdigit()]
    direction, _colon, moved = request.POST.get("move", "").partition(":")
    if moved.isdigit() and int(moved) in order:
        place = order.index(int(moved))
        beside = place - 1 if direction == "up" else place + 1
        if 0 <= beside < len(order):
            order[place], order[beside] = order[beside], order[place]
    return order
