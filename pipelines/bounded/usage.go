package bounded

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Used is how many bytes of memory are this process's alone.
func Used() int64 { return own(os.Getpid()) }

// Left is how many bytes the system still lets this process ask for; all there are where nothing limits it. What was
// given back may go on counting: a library keeps the addresses.
func Left() int64 {
	var most syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_DATA, &most); err != nil || most.Cur > math.MaxInt64 {
		return math.MaxInt64
	}
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return math.MaxInt64
	}
	var skip, asked int64
	if _, err := fmt.Sscan(string(data), &skip, &skip, &skip, &skip, &skip, &asked); err != nil {
		return math.MaxInt64
	}
	return int64(most.Cur) - asked*int64(os.Getpagesize())
}

// own is how many bytes of memory are a process's alone; 0 where it has ended.
func own(pid int) int64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	var size, resident, shared int64
	if _, err := fmt.Sscan(string(data), &size, &resident, &shared); err != nil {
		return 0
	}
	return (resident - shared) * int64(os.Getpagesize())
}

// tick is the unit in which Linux tells the time of the processor, whatever the machine (USER_HZ).
const tick = 10 * time.Millisecond

// processor is how long a process has had a processor; 0 where it has ended.
func processor(pid int) time.Duration {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	// The name of the program may hold anything, brackets too: what follows its last one does not.
	fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
	const user, system = 11, 12 // of proc(5), counted from the state on
	if len(fields) <= system {
		return 0
	}
	var used time.Duration
	for _, f := range []string{fields[user], fields[system]} {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0
		}
		used += time.Duration(n) * tick
	}
	return used
}
