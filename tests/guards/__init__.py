"""Takes each guard of the product out in turn, and shows that a test fails then: `make guards`."""
