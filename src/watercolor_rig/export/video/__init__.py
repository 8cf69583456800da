"""Films for editors, browsers and chats, by PyAV, which is an optional extra."""
