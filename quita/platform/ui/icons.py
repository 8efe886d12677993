"""Lucide icons from the installed package: one in-page sprite, built once per process.

`SPRITE` lists the icons that pages repeat; each of them costs one `<use>`. Any other Lucide icon may be used too: it is
written out in place. A name that Lucide does not have is an error at once, with the nearest names.
"""

import difflib
import functools
import re
import zipfile
from importlib import resources

SPRITE = tuple("""
arrow-down-up ban banknote bell briefcase building-2 calendar-clock calendar-days check chevron-down chevron-left
chevron-right chevron-up circle-alert circle-check circle-question-mark clock corner-down-left download
ellipsis-vertical
eye file-text folders grip-vertical history inbox info key-round keyboard languages layout-dashboard list-ordered
list-todo log-out mail menu message-circle message-square milestone moon octagon-alert pause pencil percent phone
phone-call play plus printer refresh-cw rotate-ccw search send settings shield-check sliders-horizontal smartphone sun
sun-moon trash-2 trending-up triangle-alert undo-2 upload user user-cog users x
""".split())  # fmt: skip

_SHELL = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@functools.cache
def _archive() -> dict[str, str]:
    """Every icon's inner markup by name: 1,600 short strings, read once."""
    shapes = {}
    with resources.files("lucide").joinpath("lucide.zip").open("rb") as stream, zipfile.ZipFile(stream) as archive:
        for member in archive.namelist():
            found = _SHELL.search(archive.read(member).decode())
            if member.endswith(".svg") and found:
                shapes[member.removesuffix(".svg")] = re.sub(r"\s*\n\s*", "", found[1])
    return shapes


def shape(name: str) -> str:
    """The markup inside one icon's `<svg>`. Raises LookupError for a name that Lucide does not have."""
    try:
        return _archive()[name]
    except KeyError:
        near = ", ".join(difflib.get_close_matches(name, _archive(), n=3, cutoff=0.5)) or "none near"
        raise LookupError(f"There is no Lucide icon named {name!r}. Nearest: {near}.") from None


def exists(name: str) -> bool:
    """True when Lucide has an icon of that name."""
    return name in _archive()


@functools.cache
def sprite() -> str:
    """The hidden `<svg>` with one symbol per name of `SPRITE`."""
    symbols = "".join(f'<symbol id="i-{name}" viewBox="0 0 24 24">{shape(name)}</symbol>' for name in SPRITE)
    return f'<svg class="sprite" aria-hidden="true" width="0" height="0">{symbols}</svg>'


@functools.cache
def drawing(name: str) -> str:
    """What stands inside an icon's `<svg>`: a reference into the sprite, or the shape itself."""
    return f'<use href="#i-{name}"/>' if name in SPRITE else shape(name)
