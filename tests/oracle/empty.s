// Functions without a body (go:linkname) need an assembler file in their package.
