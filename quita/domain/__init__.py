"""The functional core: rules of collections as pure functions.

Nothing below this package imports Django, opens a file or a socket, or asks what day it is.
Facts and dates come in as arguments; decisions and amounts come out. Money is integer centavos
(`_cents`), rates are integers in parts per million (`_ppm`).
"""
