package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/printable"
)

// Outbox is a folder of messages that have not been sent. A message stands there before it is sent, so that none is
// lost when the program is killed.
type Outbox struct {
	Dir      string
	Channels []Channel
	World    World
	Clock    func() time.Time
	Pause    time.Duration // between tries
}

// waiting is a message in the outbox.
type waiting struct {
	Channel string    `json:"channel"`
	Since   time.Time `json:"since"`
	Message Message   `json:"message"`
}

// Outcome is what became of one message. Error says why it was not sent; it is tried again next time unless GivenUp.
type Outcome struct {
	Channel string `json:"channel"`
	Key     string `json:"key"` // the name that the message was put in under
	Subject string `json:"subject"`
	Error   string `json:"error,omitempty"`
	GivenUp bool   `json:"given_up,omitempty"`
}

const (
	tries   = 3
	givesUp = 7 * 24 * time.Hour
)

var unsafeName = regexp.MustCompile(`[^\p{L}\p{N}_-]+`)

// Put lays a message into the outbox. Messages are sent in the order of their keys; the same key again replaces it.
func (o Outbox) Put(key, channel string, m Message) error {
	data, err := json.Marshal(waiting{channel, o.Clock().UTC(), m})
	if err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	return atomicfile.Write(filepath.Join(o.Dir, Key(key)+".json"), data)
}

// Key is a key as outcomes name it.
func Key(key string) string { return printable.Stem(unsafeName.ReplaceAllString(key, "_"), ".json") }

// refusedError says that a message, not its channel, is what is wrong: sending it again does not help.
type refusedError struct{ error }

func (e *refusedError) Unwrap() error { return e.error }

// Flush sends what waits. A channel that fails is asked no more this time. What is older than a week, or for a channel
// that is no longer configured, is given up.
func (o Outbox) Flush(ctx context.Context) ([]Outcome, error) {
	entries, err := os.ReadDir(o.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the outbox: %w", err)
	}
	var out []Outcome
	failed := map[string]string{}
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".json" || e.Name()[0] == '.' {
			continue
		}
		file := filepath.Join(o.Dir, e.Name())
		data, err := os.ReadFile(file)
		if err != nil {
			return out, fmt.Errorf("reading the outbox: %w", err)
		}
		var w waiting
		broken := json.Unmarshal(data, &w)
		r := Outcome{Channel: w.Channel, Key: e.Name()[:len(e.Name())-len(".json")], Subject: w.Message.Subject}
		i := slices.IndexFunc(o.Channels, func(c Channel) bool { return c.Name == w.Channel })
		switch {
		case broken != nil: // damaged on the disk: it was written whole
			r = Outcome{Channel: "保存していた通知", Key: r.Key, Subject: r.Key, GivenUp: true}
			r.Error = "壊れていて読めないので、送らずに捨てました。必要なら kyogikai check の内容を直接知らせてください"
		case i < 0:
			r.Error, r.GivenUp = "この通知先は、もう設定にありません", true
		case failed[w.Channel] != "":
			r.Error = failed[w.Channel]
		default:
			var refused *refusedError
			if err := o.try(ctx, &o.Channels[i], w.Message); errors.As(err, &refused) {
				r.Error, r.GivenUp = fault.Text(err), true // the others may well be taken
			} else if err != nil {
				r.Error = fault.Text(err)
				failed[w.Channel] = r.Error
			}
		}
		if r.Error != "" && o.Clock().Sub(w.Since) > givesUp {
			r.GivenUp = true
		}
		if r.Error == "" || r.GivenUp {
			if err := atomicfile.Remove(file); err != nil { // once it is sent, a power cut must not bring it back
				return out, fmt.Errorf("emptying the outbox: %w", err)
			}
		}
		out = append(out, r)
	}
	return out, nil
}

// Waiting counts the messages that have not been sent.
func (o Outbox) Waiting() int {
	files, _ := filepath.Glob(filepath.Join(o.Dir, "*.json")) // the pattern is well formed
	return len(files)
}

func (o Outbox) try(ctx context.Context, c *Channel, m Message) error {
	var err error
	for i := range tries {
		var refused *refusedError
		if err = c.send(ctx, o.World, m); err == nil || i == tries-1 || errors.As(err, &refused) {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("telling: %w", ctx.Err())
		case <-time.After(o.Pause * time.Duration(i+1)):
		}
	}
	return err
}

// Direct sends a message to every channel past the outbox, once.
func (o Outbox) Direct(ctx context.Context, m Message) []Outcome {
	var out []Outcome
	for i := range o.Channels {
		r := Outcome{Channel: o.Channels[i].Name, Subject: m.Subject}
		if err := o.Channels[i].send(ctx, o.World, m); err != nil {
			r.Error = fault.Text(err)
		}
		out = append(out, r)
	}
	return out
}
