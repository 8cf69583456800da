"""`watercolor-rig doctor`: what is not as it should be, and what of it can be put right without losing anything.

`check_up` is the use case; it goes through `pictures` (what people see), `records` (what the program remembers) and
`surroundings` (engines, service, disk). Every finding is one line of the `report`.
"""
