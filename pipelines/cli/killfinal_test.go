package cli

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"kyogikai/pipelines/council"
	"kyogikai/pipelines/trial"
)

// killAt starts the making of final papers and kills it once something is there on disk, or it has ended by itself.
func (c story) killAt(there func() bool, env ...string) {
	c.t.Helper()
	cmd := c.command("brief", storyThen, "--final")
	cmd.Env = append(cmd.Env, env...)
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // it was killed
	}()
	for there := there; !there(); time.Sleep(200 * time.Microsecond) {
		select {
		case <-ended:
			return
		default:
		}
	}
	_ = cmd.Process.Kill() // it may have ended
	<-ended
}

// count is how many files a pattern finds.
func count(pattern string) int {
	found, _ := filepath.Glob(pattern) // the pattern is well formed
	return len(found)
}

// A kill at any moment of making papers final leaves none that are final, or all of them whole; what the ledger lacks
// then is put there by the next look at them. The moments are what is on disk: nothing, each of the files, the edition.
func TestKilledWhileMakingFinal(t *testing.T) {
	t.Parallel()
	trial.Slow(t)
	c := newStory(t)
	c.mustRun("brief", storyThen, "--confirm")
	c.answer(func(string, map[string]string) (string, string) { return "確認", "" })
	c.mustRun("load")
	dir := filepath.Join(c.outputs, "final", storyThen)
	first, ledgers := filepath.Join(dir, "第1版"), filepath.Join(c.inputs, "八戸市", "ledger", "*")
	clear := func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll(filepath.Dir(ledgers)); err != nil {
			t.Fatal(err)
		}
	}
	editions := func() []council.Edition {
		t.Helper()
		all, err := council.Editions(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range all {
			if damage, err := e.Damage(); err != nil || len(damage) > 0 {
				t.Fatalf("%v %v", damage, err)
			}
		}
		return all
	}
	c.mustRun("brief", storyThen, "--final")
	files := count(filepath.Join(first, "*"))
	if files < 8 || len(editions()) != 1 {
		t.Fatalf("%d files of %d editions", files, len(editions()))
	}

	clear()
	c.killAt(func() bool { return true }, momentWait+"=brief/") // it cannot have gone on from its first look at the clock
	if len(editions()) != 0 {
		t.Error("final before it has begun")
	}
	step := trial.Count((files+1)/2, 1)
	for n := 1; n <= files; n += step {
		clear()
		c.killAt(func() bool { return count(filepath.Join(dir, ".next-*", "*")) >= n })
		editions() // none, or one that is whole
	}
	clear()
	c.killAt(func() bool { return count(first) == 1 })
	if len(editions()) != 1 {
		t.Error("killed once the edition was there, and it is not final")
	}

	// One that was killed between the papers and their ledger is completed.
	clear()
	c.mustRun("brief", storyThen, "--final")
	before, _ := filepath.Glob(ledgers)
	if err := os.RemoveAll(filepath.Dir(ledgers)); err != nil {
		t.Fatal(err)
	}
	c.mustRun("brief", storyThen)
	if after, _ := filepath.Glob(ledgers); len(after) != len(before) || len(after) != 2 {
		t.Errorf("ledgers %q, before %q", after, before)
	}
	if half := count(filepath.Join(dir, ".next-*")); half > 0 {
		t.Errorf("left half-made: %d", half)
	}
}
