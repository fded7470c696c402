"""Everything the demo and the tests need to run on one machine; never imported by agent or mail."""
