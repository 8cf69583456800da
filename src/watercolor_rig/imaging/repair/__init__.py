"""Pictures from image models, brought back onto the drawing that they were made from.

`repairing` is the way in; `fitting`, `colouring`, `alphas` and `locking` are its steps, each a function of arrays.
"""
