"""Coarse background jobs on Procrastinate: the app, its schedules and the recovery of dead workers."""
