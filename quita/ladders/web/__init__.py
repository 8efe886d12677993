"""Pages of rules, runs, previews and explanations."""
