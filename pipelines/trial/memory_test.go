package trial

import (
	"os/exec"
	"testing"
)

// What a process and its child fill is seen, in bytes.
func TestWatch(t *testing.T) {
	// dd fills a buffer of 60 MB; the shell waits for it.
	c := exec.Command("sh", "-c", "dd if=/dev/zero of=/dev/null bs=60M count=40 2>/dev/null; true")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	peak := Watch(c.Process.Pid)
	if err := c.Wait(); err != nil {
		t.Fatal(err)
	}
	if got := peak() >> 20; got < 55 || got > 90 {
		t.Errorf("%d MB, of 60", got)
	}
}
