"""Who may do what: users, roles as permission sets, and the scope of companies a person sees.

Owns the sign-in, the user table and `Scope`. Which companies a user may see is stored with the companies
(parties); every query takes a Scope and asks nobody else.
"""
