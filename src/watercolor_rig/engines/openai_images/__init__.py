"""The engine that draws by OpenAI's Images API, or by a server that speaks the same.

Light to import: the SDK is loaded when an engine is opened. Way of one call: `engine` fits the pictures and names the
parameters, `service` makes the call with a total deadline, `failures` turns what went wrong into our errors, `answers`
trusts nothing about a 200, `engine` brings the picture back to its size and transparency.
"""

from watercolor_rig.engines.openai_images.plugin import OpenAIImagesPlugin

plugin = OpenAIImagesPlugin()
