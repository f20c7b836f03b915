package crashstate

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// open opens a file, or makes one.
func (d *decoder) open(p *process, c call) error {
	fd, path, err := descriptor(c.result)
	if err != nil {
		return err
	}
	delete(p.files, fd)
	rel, in := d.inside(path)
	if !in {
		return nil
	}
	flags := strings.Join(c.args, ",")
	for _, never := range []string{"O_TMPFILE", "O_SYNC", "O_DSYNC"} {
		if strings.Contains(flags, never) {
			return fmt.Errorf("a tape cannot hold %s", never)
		}
	}
	n := d.tape.find(rel)
	switch {
	case n == nil && c.name != "creat" && !strings.Contains(flags, "O_CREAT"):
		return fmt.Errorf("%q was never made", rel)
	case n == nil:
		mode, err := d.mode(c.args[len(c.args)-1])
		if err != nil {
			return err
		}
		dir, name := split(rel)
		n = &node{born: mode &^ d.umask}
		to := place{dir: d.tape.find(dir), name: name, path: rel}
		d.enter("create "+rel, to.now(n))
	case (c.name == "creat" || strings.Contains(flags, "O_TRUNC")) && len(d.tape.now.of(n).data) > 0:
		d.tape.add(op{kind: opResize, node: n, text: "empty " + rel})
	}
	p.files[fd] = &opened{node: n, appends: strings.Contains(flags, "O_APPEND")}
	return nil
}

// opened is what a descriptor stands for, nil where that is not in the folder.
func (d *decoder) opened(p *process, arg string) (*opened, int, error) {
	fd, path, err := descriptor(arg)
	if err != nil {
		return nil, fd, err
	}
	o := p.files[fd]
	if rel, in := d.inside(path); in && o == nil && !strings.HasSuffix(arg, "(deleted)") {
		n := d.tape.find(rel)
		if n == nil {
			return nil, fd, fmt.Errorf("%q was never made", rel)
		}
		o = &opened{node: n, appends: true} // from whoever began the process
		p.files[fd] = o
	}
	return o, fd, nil
}

func (d *decoder) close(p *process, c call) error {
	fd, _, err := descriptor(c.args[0])
	delete(p.files, fd)
	return err
}

func (d *decoder) dup(p *process, c call) error {
	if c.name == "fcntl" && !strings.HasPrefix(c.args[1], "F_DUPFD") {
		return nil
	}
	o, _, err := d.opened(p, c.args[0])
	if err != nil {
		return err
	}
	fd, _, err := descriptor(c.result)
	if delete(p.files, fd); o != nil {
		p.files[fd] = o
	}
	return err
}

func (d *decoder) seek(p *process, c call) error {
	o, _, err := d.opened(p, c.args[0])
	if err != nil || o == nil {
		return err
	}
	o.position, err = strconv.ParseInt(c.result, 10, 64)
	return err
}

// write writes to a file, or says something to a person.
func (d *decoder) write(p *process, c call) error {
	o, fd, err := d.opened(p, c.args[0])
	if err != nil {
		return err
	}
	_, path, _ := descriptor(c.args[0]) // it could be read above
	if o == nil && fd != 1 && fd != 2 && !strings.HasPrefix(path, "socket:") {
		return nil
	}
	data, err := buffers(c)
	if err != nil {
		return err
	}
	if o == nil {
		d.tape.said = append(d.tape.said, Moment{d.tape.Len(), string(data)})
		return nil
	}
	if strings.HasPrefix(c.name, "pwrite") {
		at, err := strconv.ParseInt(c.args[3], 10, 64)
		if err != nil {
			return err
		}
		d.put(o.node, at, data)
		return nil
	}
	o.put(d, data)
	return nil
}

// put writes where the descriptor stands.
func (o *opened) put(d *decoder, data []byte) {
	if o.appends {
		o.position = int64(len(d.tape.now.of(o.node).data))
	}
	d.put(o.node, o.position, data)
	o.position += int64(len(data))
}

func (d *decoder) put(n *node, offset int64, data []byte) {
	d.tape.add(op{kind: opWrite, node: n, offset: offset, data: data})
}

// buffers are the bytes that a call has written: so many as its result says.
func buffers(c call) (data []byte, err error) {
	if strings.HasSuffix(strings.TrimSuffix(c.name, "2"), "v") {
		for part := range strings.SplitSeq(c.args[1], "iov_base=") {
			if !strings.HasPrefix(part, `"`) {
				continue
			}
			one, err := text(part[:strings.LastIndexByte(part, '"')+1])
			if err != nil {
				return nil, err
			}
			data = append(data, one...)
		}
	} else if data, err = text(c.args[1]); err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(c.result)
	if err == nil && n > len(data) {
		err = fmt.Errorf("%d bytes of %d were recorded", len(data), n)
	}
	if err != nil {
		return nil, err
	}
	return data[:n], nil
}

// copyRange copies between descriptors: what it writes is in no argument.
func (d *decoder) copyRange(p *process, c call) error {
	in, at, out := c.args[0], c.args[1], c.args[2]
	if c.name == "sendfile" {
		out, in, at = c.args[0], c.args[1], c.args[2]
	}
	to, _, err := d.opened(p, out)
	if err != nil || to == nil {
		return err
	}
	from, _, err := d.opened(p, in)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(c.result)
	if err != nil {
		return err
	}
	if from == nil || at != "NULL" || c.name == "copy_file_range" && c.args[3] != "NULL" {
		return fmt.Errorf("a tape can hold only what comes from the folder, and stands where the descriptors do")
	}
	data := d.tape.now.of(from.node).data[from.position:]
	if n > len(data) {
		return fmt.Errorf("%d bytes of %d", n, len(data))
	}
	from.position += int64(n)
	to.put(d, append([]byte(nil), data[:n]...))
	return nil
}

func (d *decoder) resize(p *process, c call) error {
	size, err := strconv.ParseInt(c.args[1], 10, 64)
	if err != nil {
		return err
	}
	if c.name == "truncate" {
		to, _, err := d.at(p, c, 0)
		if err == nil && to != nil {
			d.tape.add(op{kind: opResize, node: to.node, offset: size, text: "resize " + to.path})
		}
		return err
	}
	o, _, err := d.opened(p, c.args[0])
	if err == nil && o != nil {
		d.tape.add(op{kind: opResize, node: o.node, offset: size, text: "resize"})
	}
	return err
}

// allocate makes a file longer.
func (d *decoder) allocate(p *process, c call) error {
	o, _, err := d.opened(p, c.args[0])
	if err != nil || o == nil {
		return err
	}
	if c.args[1] != "0" {
		return fmt.Errorf("a tape cannot hold this call")
	}
	offset, err := strconv.ParseInt(c.args[2], 10, 64)
	if err != nil {
		return err
	}
	length, err := strconv.ParseInt(c.args[3], 10, 64)
	if size := offset + length; err == nil && size > int64(len(d.tape.now.of(o.node).data)) {
		d.tape.add(op{kind: opResize, node: o.node, offset: size, text: "allocate"})
	}
	return err
}

func (d *decoder) chmod(p *process, c call) error {
	if c.name == "fchmod" {
		o, _, err := d.opened(p, c.args[0])
		if err != nil || o == nil {
			return err
		}
		mode, err := d.mode(c.args[1])
		d.tape.add(op{kind: opMode, node: o.node, mode: mode, text: "chmod"})
		return err
	}
	to, next, err := d.at(p, c, 0)
	if err != nil || to == nil {
		return err
	}
	mode, err := d.mode(c.args[next])
	d.tape.add(op{kind: opMode, node: to.node, mode: mode, text: "chmod " + to.path})
	return err
}

func (d *decoder) sync(p *process, c call) error {
	if c.name == "sync" || c.name == "syncfs" {
		d.tape.add(op{kind: opSyncAll, since: c.from, text: c.name})
		return nil
	}
	o, _, err := d.opened(p, c.args[0])
	if err == nil && o != nil {
		d.tape.add(op{kind: opSync, node: o.node, since: c.from, text: "sync"})
	}
	return err
}

// ownUmask is that of this process, which those that it begins inherit.
func ownUmask() (fs.FileMode, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, fmt.Errorf("asking for the umask: %w", err)
	}
	_, rest, _ := strings.Cut(string(status), "Umask:")
	line, _, _ := strings.Cut(rest, "\n")
	n, err := strconv.ParseUint(strings.TrimSpace(line), 8, 32)
	if err != nil {
		return 0, fmt.Errorf("asking for the umask: %w", err)
	}
	return fs.FileMode(n), nil
}

// absolute is a folder as processes see it that are begun in it.
func absolute(dir string) (string, error) {
	if dir == "" {
		dir = "."
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("looking for the folder: %w", err)
	}
	return filepath.EvalSymlinks(dir)
}
