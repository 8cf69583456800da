"""How good a made picture is, told without knowing the truth.

`judging` is the way in; `measures` are its numbers, `thresholds` what they mean.
"""
