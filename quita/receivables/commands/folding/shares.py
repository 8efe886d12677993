"""One payment may go to several titles; each share gets a number of its own that keeps the payments' order."""

# More titles than any debtor has open with one company at once; ids stay far inside 64 bits.
SHARES_PER_PAYMENT = 4096
