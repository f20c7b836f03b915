package trial

import "testing"

// A trial runs where the variable says so and nowhere else.
func TestTrialsRunWhereTheyAreAskedFor(t *testing.T) {
	for value, want := range map[string]bool{"": false, "0": false, "1": true} {
		t.Setenv(Variable, value)
		ran := false
		t.Run("trial "+value, func(t *testing.T) {
			Only(t)
			ran = true
		})
		if times := map[bool]int{true: 60, false: 3}[want]; ran != want || Count(3, 60) != times {
			t.Errorf("%s=%s: ran %v, %d times", Variable, value, ran, Count(3, 60))
		}
	}
}

// A test without the program that it asks is skipped.
func TestMissingProgramSkips(t *testing.T) {
	ran := false
	t.Run("without", func(t *testing.T) {
		Needs(t, "no-such-program")
		ran = true
	})
	if ran {
		t.Error("the test ran on")
	}
	if out, err := Command(t, "echo", "one", "two").Output(); err != nil || string(out) != "one two\n" {
		t.Errorf("%q, %v", out, err)
	}
}
