"""From rows of text to facts in the database, batch by batch.

A file is looked through once before anything is written: its structure must hold, its columns must be there, and ids
that occur twice are found. Then each batch is one transaction: good rows, refused rows, counts and the place in the
file
that was reached go in together. A killed import therefore goes on after its last whole batch, with counts as if
nothing had happened; and a file that is imported once more finds every row unchanged.
"""
