package fault

import (
	"errors"
	"strings"
	"testing"
)

func TestContain(t *testing.T) {
	if err := Contain(func() error { return nil }); err != nil {
		t.Error(err)
	}
	own := errors.New("own")
	if err := Contain(func() error { return own }); !errors.Is(err, own) {
		t.Error(err)
	}
	var rows []int
	err := Contain(func() error { rows[3]++; return nil })
	var p *PanicError
	if !errors.As(err, &p) || !strings.Contains(err.Error(), "index out of range [3]") ||
		!strings.Contains(string(p.Stack), "TestContain") {
		t.Errorf("%v", err)
	}
	if said := Text(err); said != Unforeseen {
		t.Errorf("a person is told %q", said)
	}
}
