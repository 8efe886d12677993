"""The collection work on one debtor, contract and origin: cases, phases, tasks, promises, disputes, holds.

State is derived from facts; hand-made facts carry who, when and why.
"""
