"""Tests of the money core's smallest parts."""
