"""The engine: portfolios, ladders with versions, the daily run, what it decided and why.

The run reads facts as columns, lets `quita.domain.ladder` decide, writes decisions once, and keeps a flight recorder.
"""
