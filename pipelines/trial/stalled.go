package trial

import (
	"fmt"
	"os"
	"syscall"
	"testing"
)

// StalledShare mounts a file system at a folder that answers nothing, as a share does whose server hangs, until the
// test ends. Only root may.
func StalledShare(t *testing.T, dir string) {
	t.Helper()
	server, err := os.OpenFile("/dev/fuse", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	options := fmt.Sprintf("fd=%d,rootmode=40000,user_id=0,group_id=0", server.Fd())
	if err := syscall.Mount("stalled", dir, "fuse", syscall.MS_NOSUID|syscall.MS_NODEV, options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Unmount(dir, syscall.MNT_DETACH)
		_ = server.Close() // whoever waits, waits no longer
	})
}
