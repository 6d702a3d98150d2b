"""The tests, as a package of their own: some libraries install one that is called the same."""
