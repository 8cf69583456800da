"""The engine that draws by OpenAI's Images API, or a server that speaks the same."""
