package cli

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"kyogikai/pipelines/council"
)

// A kill at any moment of making papers final leaves none that are final, or all of them whole; what the ledger lacks then is put
// there by the next look at them.
func TestKilledWhileMakingFinal(t *testing.T) {
	c := newStory(t)
	c.mustRun("brief", storyThen, "--confirm")
	c.answer(storyThen, func(string, map[string]string) (string, string) { return "確認", "" })
	c.mustRun("load")
	dir := filepath.Join(c.outputs, "final", storyThen)
	clear := func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll(filepath.Join(c.inputs, "八戸市", "ledger")); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	c.mustRun("brief", storyThen, "--final")
	took := time.Since(began)
	none, whole := 0, 0
	const kills = 12
	for i := range kills {
		clear()
		cmd := c.command("brief", storyThen, "--final")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// From before anything is written to after everything is; the first is surely before.
		time.Sleep(took/8 + took*time.Duration(i)/kills)
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		editions, err := council.Editions(dir)
		if err != nil {
			t.Fatalf("kill %d: %v", i, err)
		}
		if len(editions) == 0 {
			none++
			continue
		}
		whole++
		if damage, err := editions[0].Damage(); err != nil || len(damage) > 0 {
			t.Fatalf("kill %d: %v %v", i, damage, err)
		}
	}
	if none == 0 {
		t.Errorf("of %d kills none came before the papers were final (%d after)", kills, whole)
	}
	// One that was killed between the papers and their ledger is completed.
	clear()
	c.mustRun("brief", storyThen, "--final")
	ledgers := filepath.Join(c.inputs, "八戸市", "ledger", "*")
	before, _ := filepath.Glob(ledgers)
	if err := os.RemoveAll(filepath.Dir(ledgers)); err != nil {
		t.Fatal(err)
	}
	c.mustRun("brief", storyThen)
	if after, _ := filepath.Glob(ledgers); len(after) != len(before) || len(after) != 2 {
		t.Errorf("ledgers %q, before %q", after, before)
	}
	half, _ := filepath.Glob(filepath.Join(dir, ".next-*"))
	if len(half) > 0 {
		t.Errorf("left half-made: %q", half)
	}
}
