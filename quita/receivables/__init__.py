"""What is owed: titles, payments and their allocation in legal order, charge policies and index values.

A title is never edited to collect it: facts (payments, cancellations, reversals) are added and the open
position is folded from them. The same core computes the updated value of one title and of a million.
"""
