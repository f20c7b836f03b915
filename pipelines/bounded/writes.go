package bounded

import (
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// writing are the rights of Landlock to change what is on the disk, by the version of it that knows them first.
var writing = []struct {
	version int
	rights  uint64
}{
	{1, unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_REMOVE_DIR | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE |
		unix.LANDLOCK_ACCESS_FS_MAKE_CHAR | unix.LANDLOCK_ACCESS_FS_MAKE_DIR | unix.LANDLOCK_ACCESS_FS_MAKE_REG |
		unix.LANDLOCK_ACCESS_FS_MAKE_SOCK | unix.LANDLOCK_ACCESS_FS_MAKE_FIFO | unix.LANDLOCK_ACCESS_FS_MAKE_BLOCK |
		unix.LANDLOCK_ACCESS_FS_MAKE_SYM},
	{2, unix.LANDLOCK_ACCESS_FS_REFER},
	{3, unix.LANDLOCK_ACCESS_FS_TRUNCATE},
}

// talking are the rights to reach other machines, which version 4 knows first.
const (
	talking      = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	talkingSince = 4
)

// confine takes from the thread that calls it, and from what it starts, the right to change anything on the disk but
// beneath a folder, and to reach other machines. What is open already can still be written to. It cannot be undone: the
// thread must not be used for anything else. Its error says that the system knows no such thing.
func confine(folder string) error {
	version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return fmt.Errorf("asking for Landlock: %w", errno)
	}
	var rights unix.LandlockRulesetAttr
	for _, w := range writing {
		if int(version) >= w.version {
			rights.Access_fs |= w.rights
		}
	}
	size := unsafe.Sizeof(rights.Access_fs) // all that older versions know
	if int(version) >= talkingSince {
		rights.Access_net = talking
		size += unsafe.Sizeof(rights.Access_net)
	}
	rules, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&rights)), size, 0)
	if errno != 0 {
		return fmt.Errorf("making the rules of Landlock: %w", errno)
	}
	defer unix.Close(int(rules)) //nolint:errcheck // they are in force by then
	const toFile = unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE
	for path, allowed := range map[string]uint64{folder: rights.Access_fs, os.DevNull: rights.Access_fs & toFile} {
		if err := allow(rules, path, allowed); err != nil {
			return err
		}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("giving up privileges: %w", err)
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, rules, 0, 0); errno != 0 {
		return fmt.Errorf("putting the rules of Landlock in force: %w", errno)
	}
	return nil
}

// allow adds rights to rules: beneath a folder, or on a file.
func allow(rules uintptr, path string, rights uint64) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("opening what a child may write to: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	beneath := unix.LandlockPathBeneathAttr{Allowed_access: rights, Parent_fd: int32(f.Fd())}
	if _, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, rules, unix.LANDLOCK_RULE_PATH_BENEATH,
		uintptr(unsafe.Pointer(&beneath)), 0, 0, 0); errno != 0 {
		return fmt.Errorf("adding a rule of Landlock: %w", errno)
	}
	return nil
}
