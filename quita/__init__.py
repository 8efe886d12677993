"""Quita: an open-source accounts-receivable collections platform for Brazil."""

__version__ = "0.1.0"
