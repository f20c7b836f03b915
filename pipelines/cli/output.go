package cli

import (
	"os"
	"path/filepath"

	"kyogikai/pipelines/atomicfile"
)

// writeFile writes a file that a person has named: what a link leads to, not the link. What is no file, such as
// /dev/stdout, is written to as it is.
func writeFile(path string, data []byte) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return os.WriteFile(path, data, 0o644)
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	return atomicfile.Write(path, data)
}
