"""How fast it is: every figure beside the bare protocol, in one run, on the same servers."""
