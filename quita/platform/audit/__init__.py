"""The append-only record of who did what, when and why. Shown on timelines; part of the product."""
