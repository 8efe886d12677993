"""Every word that people read exists in Portuguese, once, with the placeholders of its source."""

from quita.platform.ui import translations


def test_no_source_string_is_without_portuguese() -> None:
    missing = [f"{entry.text!r} ({entry.places[0]})" for entry in translations.missing()]
    assert missing == [], "python scripts/translations.py missing prints them ready for a fragment"


def test_fragments_do_not_contradict_each_other_and_hold_nothing_half_done() -> None:
    translations.merged()
    half_done = [
        f"{path.name}: {message.id}"
        for path in translations.fragments()
        for message in translations.read(path)
        if message.id and not translations.is_complete(message)
    ]
    assert half_done == []


def test_placeholders_agree() -> None:
    assert translations.mismatched() == []
