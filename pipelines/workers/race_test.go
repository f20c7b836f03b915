//go:build race

package workers

// The race detector keeps notes of twice what a program fills, and takes its time.
const (
	heavier = 3
	slower  = 6
)
