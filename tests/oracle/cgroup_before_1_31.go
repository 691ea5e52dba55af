//go:build !since31

package main

// assumeCgroup2 has nothing to do: the validation did not look at the node's cgroups.
func assumeCgroup2() {}
