package crashstate

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
)

// decoder makes ops of a tape out of system calls.
type decoder struct {
	tape      *Tape
	processes map[int]*process
	begins    map[int]string // of processes, a call that begins another, and has not ended
	first     *process       // whose beginning nobody has seen
	umask     fs.FileMode
}

// process is a process, or a thread of one.
type process struct {
	files map[int]*opened // shared by the threads of a process
	cwd   *string
}

// opened is what open returned: all descriptors that were made from it share where they stand.
type opened struct {
	node     *node
	position int64
	appends  bool
}

// process is one that has called. Where nobody has seen the end of the call that began it, it is one of those that have
// not ended.
func (d *decoder) process(id int) *process {
	p := d.processes[id]
	if p != nil {
		return p
	}
	if p, d.first = d.first, nil; p == nil {
		p = &process{map[int]*opened{}, new(string)}
	}
	for parent, line := range d.begins {
		p = d.child(d.processes[parent], line)
	}
	d.processes[id] = p
	return p
}

// child is a process that another begins: a thread shares its descriptors, others have copies.
func (d *decoder) child(parent *process, flags string) *process {
	if strings.Contains(flags, "CLONE_FILES") {
		return parent
	}
	p := &process{map[int]*opened{}, new(string)}
	for fd, o := range parent.files {
		p.files[fd] = o
	}
	*p.cwd = *parent.cwd
	return p
}

func (d *decoder) mark() int { return d.tape.Len() }

func (d *decoder) begun(id int, line string) int {
	d.process(id)
	for _, name := range []string{"clone", "fork", "vfork"} {
		if strings.HasPrefix(line, name) {
			d.begins[id] = line
		}
	}
	return d.mark()
}

// handlers do a call; those of calls that change nothing are not there.
var handlers = map[string]func(d *decoder, p *process, c call) error{
	"open": (*decoder).open, "openat": (*decoder).open, "creat": (*decoder).open, "openat2": (*decoder).open,
	"close": (*decoder).close, "dup": (*decoder).dup, "dup2": (*decoder).dup, "dup3": (*decoder).dup,
	"fcntl": (*decoder).dup, "lseek": (*decoder).seek,
	"write": (*decoder).write, "pwrite64": (*decoder).write, "writev": (*decoder).write, "pwritev": (*decoder).write,
	"pwritev2": (*decoder).write, "copy_file_range": (*decoder).copyRange, "sendfile": (*decoder).copyRange,
	"ftruncate": (*decoder).resize, "truncate": (*decoder).resize, "fallocate": (*decoder).allocate,
	"rename": (*decoder).rename, "renameat": (*decoder).rename, "renameat2": (*decoder).rename,
	"link": (*decoder).link, "linkat": (*decoder).link,
	"symlink": (*decoder).symlink, "symlinkat": (*decoder).symlink,
	"unlink": (*decoder).unlink, "unlinkat": (*decoder).unlink, "rmdir": (*decoder).unlink,
	"mkdir": (*decoder).mkdir, "mkdirat": (*decoder).mkdir,
	"chmod": (*decoder).chmod, "fchmod": (*decoder).chmod, "fchmodat": (*decoder).chmod, "fchmodat2": (*decoder).chmod,
	"fsync": (*decoder).sync, "fdatasync": (*decoder).sync, "sync": (*decoder).sync, "syncfs": (*decoder).sync,
	"chdir": (*decoder).chdir, "fchdir": (*decoder).chdir, "umask": (*decoder).setUmask,
	"clone": (*decoder).begin, "clone3": (*decoder).begin, "fork": (*decoder).begin, "vfork": (*decoder).begin,
	"execve": (*decoder).exec, "exit": (*decoder).exit,
	"mmap": (*decoder).refuse, "splice": (*decoder).refuse, "msync": (*decoder).refuse, "mknod": (*decoder).refuse,
	"mknodat": (*decoder).refuse, "io_uring_setup": (*decoder).refuse, "close_range": (*decoder).refuse,
}

func (d *decoder) ended(c call) error {
	do := handlers[c.name]
	if do == nil {
		return nil
	}
	if err := do(d, d.process(c.process), c); err != nil {
		return fmt.Errorf("%s %.200s: %w", c.name, strings.Join(c.args, ", "), err)
	}
	return nil
}

// inside is a path in the folder, relative to it; ok is false where it is elsewhere.
func (d *decoder) inside(path string) (string, bool) {
	path = filepath.Clean(path)
	if path == d.tape.root {
		return "", true
	}
	return strings.CutPrefix(path, d.tape.root+"/")
}

// place is what a path leads to: the folder that it is in, its name there, and what bears it, nil where nothing does.
type place struct {
	dir  *node
	name string
	node *node
	path string
}

// at resolves the arguments of a call from the i-th on: a path, or where the call's name ends in at, a descriptor and a
// path. next is where the arguments go on; the place is nil where it is not in the folder.
func (d *decoder) at(p *process, c call, i int) (to *place, next int, err error) {
	base := *p.cwd
	if strings.HasSuffix(strings.TrimSuffix(c.name, "2"), "at") {
		if _, base, err = descriptor(c.args[i]); err != nil {
			return nil, 0, err
		}
		i++
	}
	path, err := text(c.args[i])
	if err != nil {
		return nil, 0, err
	}
	full := string(path)
	if !filepath.IsAbs(full) {
		full = filepath.Join(base, full)
	}
	rel, ok := d.inside(full)
	if !ok {
		return nil, i + 1, nil
	}
	to = &place{path: rel, node: d.tape.find(rel)}
	dir, name := split(rel)
	if to.dir, to.name = d.tape.find(dir), name; to.dir == nil || rel == "" {
		return nil, 0, fmt.Errorf("no folder for %q", rel)
	}
	return to, i + 1, nil
}

// enter notes that folders call nodes otherwise.
func (d *decoder) enter(text string, changes ...change) {
	d.tape.add(op{kind: opEntry, changes: changes, text: text})
}

// now is that the place is called a node's from now on, nil for nothing's.
func (to *place) now(n *node) change {
	if n != nil && n.path == "" {
		n.path = to.path
	}
	return change{to.dir, to.name, n, to.path}
}

func (d *decoder) mode(arg string) (fs.FileMode, error) {
	n, err := strconv.ParseUint(arg, 8, 32)
	return fs.FileMode(n) & 0o777, err
}

func (d *decoder) mkdir(p *process, c call) error {
	to, next, err := d.at(p, c, 0)
	if err != nil || to == nil {
		return err
	}
	mode, err := d.mode(c.args[next])
	n := &node{kind: folder, born: mode &^ d.umask}
	d.enter("mkdir "+to.path, to.now(n))
	return err
}

func (d *decoder) unlink(p *process, c call) error {
	to, _, err := d.at(p, c, 0)
	if err != nil || to == nil {
		return err
	}
	d.enter("remove "+to.path, to.now(nil))
	return nil
}

func (d *decoder) symlink(p *process, c call) error {
	target, err := text(c.args[0])
	if err != nil {
		return err
	}
	to, _, err := d.at(p, c, 1)
	if err != nil || to == nil {
		return err
	}
	d.enter("link "+to.path, to.now(&node{kind: link, born: 0o777, target: string(target)}))
	return nil
}

func (d *decoder) link(p *process, c call) error {
	from, next, err := d.at(p, c, 0)
	if err != nil {
		return err
	}
	to, _, err := d.at(p, c, next)
	if err != nil || to == nil {
		return err
	}
	if from == nil || from.node == nil {
		return fmt.Errorf("it comes from outside")
	}
	d.enter("link "+to.path, to.now(from.node))
	return nil
}

func (d *decoder) rename(p *process, c call) error {
	from, next, err := d.at(p, c, 0)
	if err != nil {
		return err
	}
	to, next, err := d.at(p, c, next)
	if err != nil {
		return err
	}
	switch {
	case from == nil && to == nil:
		return nil
	case from == nil:
		return fmt.Errorf("it comes from outside")
	case to == nil:
		d.enter("remove "+from.path, from.now(nil))
		return nil
	}
	left := (*node)(nil)
	if next < len(c.args) && strings.Contains(c.args[next], "RENAME_EXCHANGE") {
		left = to.node
	}
	d.enter("rename "+from.path+" to "+to.path, to.now(from.node), from.now(left))
	return nil
}

func (d *decoder) chdir(p *process, c call) error {
	if c.name == "fchdir" {
		_, path, err := descriptor(c.args[0])
		*p.cwd = path
		return err
	}
	path, err := text(c.args[0])
	if full := string(path); filepath.IsAbs(full) {
		*p.cwd = full
	} else {
		*p.cwd = filepath.Join(*p.cwd, full)
	}
	return err
}

func (d *decoder) setUmask(_ *process, c call) (err error) {
	d.umask, err = d.mode(c.args[0])
	return err
}

// begin is that of a process or a thread.
func (d *decoder) begin(p *process, c call) error {
	id, err := strconv.Atoi(strings.TrimSpace(strings.SplitN(c.result, "=>", 2)[0]))
	if err != nil {
		return fmt.Errorf("no process in %q", c.result)
	}
	delete(d.begins, c.process)
	if d.processes[id] == nil {
		d.processes[id] = d.child(p, strings.Join(c.args, ","))
	}
	return nil
}

func (d *decoder) exec(p *process, c call) error {
	d.processes[c.process] = &process{map[int]*opened{}, p.cwd}
	return nil
}

func (d *decoder) exit(_ *process, c call) error {
	delete(d.processes, c.process)
	return nil
}

// refuse is for what the tape has no op for: it must not be done to the folder.
func (d *decoder) refuse(_ *process, c call) error {
	if c.name == "mmap" && (!strings.Contains(c.args[2], "PROT_WRITE") || !strings.Contains(c.args[3], "MAP_SHARED")) {
		return nil
	}
	for _, arg := range c.args {
		if _, path, err := descriptor(arg); err == nil {
			if _, in := d.inside(path); in {
				return fmt.Errorf("a tape cannot hold this call")
			}
		}
	}
	if strings.HasPrefix(c.name, "mknod") || c.name == "io_uring_setup" {
		return fmt.Errorf("a tape cannot hold this call")
	}
	return nil
}
