"""The run seen by people: its list, one run, its preview, and why."""
