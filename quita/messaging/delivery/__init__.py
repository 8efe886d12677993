"""From the outbox to the wire: claim, last look, write, send, end. Each message ends once, with a reason.

Crash safety rests on three things: the claim is committed before anything leaves; a journal of one line before and one
after the point of no return outlives the process; and a message whose fate cannot be known is never sent again by
itself.
"""
