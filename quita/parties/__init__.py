"""Whose money and who owes: companies, branches and calendars; debtors, addresses and contact points; contracts.

One person is one debtor across companies: identity is the CPF/CNPJ; without one, the id the source system gave.
Days past due hang on calendars, so calendars and municipal days live here too.
"""
