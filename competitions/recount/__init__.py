"""The second calculator: a program of its own over a `marks-bundle/1`.

It shares no code with the product's rules, so that one mistake does not decide a medal twice.
Read it in this order: `shapes` (what a bundle may say, as data), `reading` (does this one say it,
and nothing twice), `counting` (from marks to totals), `placing` (scale, ranks, awards), `__main__`
(print, and compare with published results). Only the standard library is used.
"""
