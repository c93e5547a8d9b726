"""Takes real archives through the whole of it, and writes docs/conformance.md: what was kept, and what was not.

`make conformance DIR=…` runs it on every `.mbz` of a folder.
"""
