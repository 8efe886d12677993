"""The staff's screens over everything below: home, worklists, case page, search."""
