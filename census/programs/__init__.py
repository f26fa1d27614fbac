"""The census for programs and assistants: OpenAPI, llms.txt and tools over MCP."""
