package papers

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
)

// moved is a line of the table of old and new addresses: what a figure was called in papers before, and is called now.
type moved struct{ former, address string }

var movedHead = []string{"前の番地", "いまの番地"}

// Remember gives figures the addresses that the table of old and new says they had. Addresses of before told rows of
// one number apart by their order in print: what is worked out from the values of today names another row once a － is
// filled, what was written down then does not.
func Remember(outputs string, figures []brief.Figure) error {
	_, table, err := readAddresses(outputs)
	if err != nil {
		return err
	}
	former, address := map[string]string{}, map[string]string{}
	for _, m := range table {
		if address[m.former] = m.address; former[m.address] == "" {
			former[m.address] = m.former
		}
	}
	for i := range figures {
		f := &figures[i]
		if known := former[f.Address]; known != "" {
			f.Former, f.Ordered = known, false
		} else if address[f.Former] != "" { // of another figure
			f.Former, f.Ordered = "", false
		}
	}
	return nil
}

// readAddresses reads the newest table of old and new, and the run that it was written with.
func readAddresses(outputs string) (run string, table []moved, err error) {
	if run, err = runs.LastAddresses(outputs); err != nil || run == "" {
		return "", nil, err
	}
	path := runs.AddressesPath(outputs, run)
	data, err := os.ReadFile(path)
	if err != nil {
		return "", nil, fmt.Errorf("reading the addresses of before: %w", err)
	}
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	in.FieldsPerRecord = len(movedHead)
	lines, err := in.ReadAll()
	if err != nil || len(lines) == 0 || !slices.Equal(lines[0], movedHead) {
		return "", nil, fmt.Errorf(
			"番地の新旧の表 %s を読めません。手で変えられたか壊れています。控えから戻すか、消してください（消すと、いまの値から作り直します）", path,
		)
	}
	for _, l := range lines[1:] {
		table = append(table, moved{l[0], l[1]})
	}
	return run, table, nil
}

// noteAddresses writes the table of old and new with a run: what was known before goes on, and the figures of a
// meeting's papers are added. Where no address has changed there is none.
func noteAddresses(ctx context.Context, env project.Env, run string, figures []brief.Figure) error {
	first := runs.AddressesPath(env.Outputs, run)
	release, err := Lock(ctx, filepath.Dir(first))
	if err != nil {
		return err
	}
	defer release()
	last, table, err := readAddresses(env.Outputs)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, m := range table {
		known[m.former] = true
	}
	for _, f := range figures {
		if f.Former != "" && !known[f.Former] {
			known[f.Former] = true
			table = append(table, moved{f.Former, f.Address})
		}
	}
	if len(table) == 0 {
		return nil
	}
	var out bytes.Buffer
	out.WriteString("\ufeff")
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	rows := [][]string{movedHead}
	for _, m := range table {
		rows = append(rows, []string{m.former, m.address})
	}
	if err := w.WriteAll(rows); err != nil {
		return fmt.Errorf("writing old and new addresses: %w", err)
	}
	if last > run { // papers of an older run are made: the newest table is the one that is read
		if err := atomicfile.Write(runs.AddressesPath(env.Outputs, last), out.Bytes()); err != nil {
			return err
		}
	}
	return atomicfile.Write(first, out.Bytes())
}
