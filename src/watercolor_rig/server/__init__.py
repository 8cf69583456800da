"""The studio's server: HTTP in, use cases of `app` called, HTTP out. It decides nothing by itself."""
