"""The approval agent: workflows, their activities, the tools and the operator's commands."""
