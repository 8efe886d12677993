"""Tests of allocation: stories, and properties against an independent fold."""
