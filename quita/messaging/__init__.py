"""What is said to debtors: templates, the outbox of messages, contact policy as data, and channels.

A message leaves at most once: it is claimed, looked at a last time, sent, and ends in a terminal state with a reason.
"""
