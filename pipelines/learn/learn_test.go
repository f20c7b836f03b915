package learn

import "testing"

func TestNothing(t *testing.T) {}
