"""A synthetic town to try Quita on: creditors, people, eighteen months of debts and how they were paid.

Everything in it is made up from one seed; the same seed and day make the same town, byte by byte. It is built through
the same commands and bulk loaders that real files go through.
"""
