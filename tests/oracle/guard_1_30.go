//go:build since30 && !since36

package main

func guard(string) error { return nil }
