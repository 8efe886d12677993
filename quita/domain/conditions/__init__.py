"""Condition trees: the rules that people write to choose titles, debtors, contracts and cases.

A rule is a tree of groups (`all`, `any`, `none`) over conditions (field, operator, value). `trees` reads and checks
it, `sentences` says it in Portuguese or English, `polars_compiler` and `sql_compiler` turn it into a filter, and
`matching` says for one row whether it holds and, if not, why. What can be asked about is in `fields`.

The logic has two values. A comparison with a missing value is false; its negation (`not_equals`, `not_in`, `is_not`)
is true. A `none` group is true when none of its conditions holds. Both engines give the same answer for every row.
"""
