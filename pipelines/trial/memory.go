package trial

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// Watch looks every few milliseconds at a process and all that it has started. The function that it returns ends that,
// and gives the most bytes of memory that they had together, shared ones counted once (the sum of PSS).
func Watch(pid int) (peak func() int64) {
	const every = 20 * time.Millisecond
	stop, most := make(chan struct{}), make(chan int64)
	go func() {
		var top int64
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			var sum int64
			for _, p := range tree(pid) {
				sum += proportional(p)
			}
			top = max(top, sum)
			select {
			case <-stop:
				most <- top
				return
			case <-tick.C:
			}
		}
	}()
	return func() int64 {
		close(stop)
		return <-most
	}
}

// tree is a process and all that stem from it.
func tree(pid int) []int {
	out := []int{pid}
	threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return out
	}
	for _, thread := range threads {
		children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", pid, thread.Name()))
		if err != nil {
			continue
		}
		for _, child := range strings.Fields(string(children)) {
			if n, err := strconv.Atoi(child); err == nil {
				out = append(out, tree(n)...)
			}
		}
	}
	return out
}

// proportional is the PSS of a process in bytes, 0 where it has ended.
func proportional(pid int) int64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, "Pss:"); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			if err != nil {
				return 0
			}
			return n << 10
		}
	}
	return 0
}
