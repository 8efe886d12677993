"""What can be done to ladders, portfolios and runs: one module per noun."""
