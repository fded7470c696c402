"""Kills everything at random while requests run, and holds every end against what was answered."""
