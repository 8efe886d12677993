"""What every app stands on and no app owns: the embedded database, access, audit, outbox, jobs, the user interface."""
