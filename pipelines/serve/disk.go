package serve

import (
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"

	"kyogikai/pipelines/project"
)

// Disk is what the outputs take, in bytes.
type Disk struct {
	Runs      int   `json:"runs"` // files of published runs
	Warehouse int64 `json:"warehouse_bytes"`
	Outputs   int64 `json:"outputs_bytes"`
	Free      int64 `json:"free_bytes"` // to a user that is not root, on the disk of the outputs
}

// DiskUse measures the outputs. What cannot be read counts as nothing.
func DiskUse(env project.Env) Disk {
	var d Disk
	_ = filepath.WalkDir(env.Outputs, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return nil //nolint:nilerr // see above
		}
		if info, err := e.Info(); err == nil {
			d.Outputs += info.Size()
			if filepath.Dir(path) == env.WarehouseDir() {
				d.Warehouse += info.Size()
				if strings.HasSuffix(path, ".duckdb") {
					d.Runs++
				}
			}
		}
		return nil
	})
	var s syscall.Statfs_t
	if syscall.Statfs(env.Outputs, &s) == nil {
		d.Free = int64(s.Bavail) * s.Bsize
	}
	return d
}

// roomFor is how many times the size of the published file must be free, so that the next run has room.
const roomFor = 3
