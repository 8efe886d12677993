"""The run's hands: reading facts, writing decisions, keeping the flight recorder. The mind is quita.domain.ladder."""
