//go:build !race

package bounded

// raceDetector says whether the program is built with it.
const raceDetector = false
