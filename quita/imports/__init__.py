"""Files turned into facts: saved column mappings, staging, row-level refusals, set-based upsert.

A file is all-or-nothing per row; the same file twice changes nothing.
"""
