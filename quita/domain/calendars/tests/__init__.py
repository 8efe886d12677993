"""Tests of holidays and business-day counting."""
