//go:build !race

package workers

// What the race detector would make heavier and slower, is as it is.
const (
	heavier = 1
	slower  = 1
)
