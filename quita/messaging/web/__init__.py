"""Pages of messages, templates, the contact policy and the local mailbox."""
