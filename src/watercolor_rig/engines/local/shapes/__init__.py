"""In-betweens of drawn shapes: parts are lifted off their ground, matched between the ends, and morphed.

`features` finds the parts that change, `matching` pairs them, `correspondence` says which point of one outline becomes
which of the other (`aligning` lays them along each other), `morphs` draws a part at any share of the way, `ground` is
what lies below, and `candidate` puts them together as one way to draw a region.
"""
