package collect

import (
	"context"
	"path"
	"strings"
	"time"
)

// door is a way to a source.
type door interface {
	// list shows what stands at the source; again asks for what failed. Its error says that nothing is known of the source.
	list(ctx context.Context, again func(context.Context, func() error) error) (listing, error)
	// prepare brings what the door brings all at once. Where it fails, prepared tells the files that have come, or may be
	// asked for, from those that nobody should ask for any more.
	prepare(ctx context.Context, files []remote, staging string) error
	prepared(files []remote) (come, lacking []remote)
	get(ctx context.Context, f remote, known *Pulled) (content, error)
	close()
}

// listing is what a source shows.
type listing struct {
	files   []remote
	folders []string // that could be looked into, by their paths there; "" is the source itself
	failed  []unseen
}

// unseen is a folder of a source that could not be looked into, or something that may be one.
type unseen struct {
	name string // its path there
	why  string // in Japanese, with what to do
}

// remote is a file at its source.
type remote struct {
	name     string // its path there, with /
	target   target
	size     int64     // -1 where the source does not say
	modified time.Time // zero where the source does not say
	hash     string    // of its contents with its kind, "" where the source does not say
	address  string    // where the door finds it, if not by its name
}

// content is a file that was got.
type content struct {
	data               []byte
	etag, lastModified string
	modified           time.Time
	unchanged          bool // the source says that it is as it was known
}

// failure is why something could not be pulled, in words for a person that end with what to do.
type failure struct {
	text string
	soon bool // asking again soon may help
	dead bool // nobody answered
}

func (f failure) Error() string { return f.text }

// inside reports whether a path at a source is that of a folder, or lies in it. "" is the source itself.
func inside(name, folder string) bool {
	return folder == "" || name == folder || strings.HasPrefix(name, folder+"/")
}

// within is the folder that a path at a source lies in, "" for the source itself.
func within(name string) string {
	if dir := path.Dir(name); dir != "." {
		return dir
	}
	return ""
}
