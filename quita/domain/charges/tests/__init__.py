"""Tests of charges: golden vectors, an independent exact oracle, and properties."""
