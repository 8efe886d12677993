"""The transactional outbox for events: news that travels up, written with the facts, handled after they commit."""
