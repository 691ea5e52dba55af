// The root of a Go module whose go.mod is written for the kubelet's version that is wanted: see README.md.
module oracle

go 1.26.0
