"""Benchmarks: real processes, one table for each run."""
