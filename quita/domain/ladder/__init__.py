"""The daily run's mind: facts of one business day in, decisions with reasons out. Pure functions over frames.

    lateness     days past due of every title, by its calendar
    cases        which cases open, reopen, close; the sums of each
    portfolios   which profile, and so which ladder, a title falls under; and its phase
    occurrences  which steps of a ladder are due for a due date, and which one is the latest
    stops        what forbids collecting a title today
    groups       one message per debtor, channel, window, caps
    decide       the whole, in that order

The same facts and rules always give the same rows in the same order: a run can be replayed byte for byte.
"""
