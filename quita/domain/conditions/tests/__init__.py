"""Tests of condition trees."""
