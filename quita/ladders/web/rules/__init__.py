"""Pages on which people write rules: portfolios, ladders, phases, rules of single debtors."""
