package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"kyogikai/pipelines/bounded"
	"kyogikai/pipelines/fault"
)

// request is what the process of a session asks its parent for, and reply what it is told.
type request struct {
	Do     string        `json:"do"` // the method of host
	Logged logged        `json:"logged"`
	Text   string        `json:"text,omitempty"` // a run, a path, a line
	State  dialogueState `json:"state"`
}

type reply struct {
	Failed string `json:"failed,omitempty"` // in words for people
	Usage  bool   `json:"usage,omitempty"`  // the person has asked for something that there is not
}

// remote is the host of a process that is a session's own: its parent does what it is asked for.
type remote struct{ line *bounded.Line }

func (r remote) ask(q request) (*os.File, error) {
	var a reply
	f, err := r.line.Ask(q, &a)
	switch {
	case err != nil:
		return nil, fmt.Errorf("asking the parent: %w", err)
	case a.Usage:
		return nil, usageError{a.Failed}
	case a.Failed != "":
		return nil, errors.New(a.Failed)
	}
	return f, nil
}

func (r remote) tell(q request) error {
	_, err := r.ask(q)
	return err
}

func (r remote) begin(l logged) error    { return r.tell(request{Do: "begin", Logged: l}) }
func (r remote) answered() error         { return r.tell(request{Do: "answered"}) }
func (r remote) done(l logged) error     { return r.tell(request{Do: "done", Logged: l}) }
func (r remote) verify(run string) error { return r.tell(request{Do: "verify", Text: run}) }
func (r remote) create(path string) (*os.File, error) {
	return r.ask(request{Do: "create", Text: path})
}
func (r remote) keep() error                  { return r.tell(request{Do: "keep"}) }
func (r remote) remember(line string) error   { return r.tell(request{Do: "remember", Text: line}) }
func (r remote) change(s dialogueState) error { return r.tell(request{Do: "change", State: s}) }

// attend does for the process of a session what it asks for, until it hangs up.
func attend(line *bounded.Line, h host) error {
	return line.Serve(func(data json.RawMessage) (any, *os.File) {
		var q request
		if err := json.Unmarshal(data, &q); err != nil {
			return reply{Failed: fault.Unforeseen}, nil
		}
		f, err := q.of(h)
		var usage usageError
		switch {
		case errors.As(err, &usage):
			return reply{Failed: usage.text, Usage: true}, nil
		case err != nil:
			return reply{Failed: fault.Text(err)}, nil
		}
		return reply{}, f
	})
}

// of does what is asked for.
func (q request) of(h host) (*os.File, error) {
	switch q.Do {
	case "begin":
		return nil, h.begin(q.Logged)
	case "answered":
		return nil, h.answered()
	case "done":
		return nil, h.done(q.Logged)
	case "verify":
		return nil, h.verify(q.Text)
	case "create":
		return h.create(q.Text)
	case "keep":
		return nil, h.keep()
	case "remember":
		return nil, h.remember(q.Text)
	case "change":
		return nil, h.change(q.State)
	}
	return nil, errors.New(fault.Unforeseen)
}
