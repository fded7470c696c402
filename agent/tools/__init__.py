"""What the agent can do: the registry of tools, and the sample shop's."""
