package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kyogikai/pipelines/lineage"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
)

// rereadShown is how many values that are read otherwise stand on a screen; the query shows all.
const (
	rereadShown = 20
	rereadQuery = "kyogikai sql @読み方の変わった値"
)

// lookingAt says how a person lets the program know that he has looked.
const lookingAt = "元の調査票と見比べ、いまの読み方が正しければ、inputs/<自治体>/判断.csv に、path（ファイル）、cell（セル。ファイルの全体を\n" +
	"確かめたときは空欄）、decision=確認、reason（理由）、date（日付）を書いてください。違っていれば、調査票か様式を直してください。\n"

// unlooked shows, by department, how many values that are read otherwise nobody has looked at.
func (o *options) unlooked(by map[string]int) {
	if len(by) == 0 {
		return
	}
	printable.Fprintf(o.Stdout, "\n読み方の変わった値で、確かめられていないもの（%s）\n", rereadQuery)
	for i, who := range slices.Sorted(maps.Keys(by)) {
		if i == rereadShown {
			printable.Fprintf(o.Stdout, "  ほか%d課\n", len(by)-i)
			break
		}
		printable.Fprintf(o.Stdout, "  %s　%d件\n", who, by[who])
	}
}

// reread tells which values of unchanged files a run reads otherwise than the one before, and how many of earlier runs
// nobody has looked at yet.
func (o *options) reread(ctx context.Context, env project.Env, run *runs.Run) error {
	if run.Reread+run.Unlooked == 0 {
		return nil
	}
	db, err := runs.Open(ctx, env.Outputs, runs.ByState)
	if err != nil {
		return err
	}
	defer db.Close()
	all, err := lineage.ReadRereads(ctx, db)
	if err != nil {
		return err
	}
	if o.json {
		for _, r := range all {
			if err := o.line("reread", r); err != nil {
				return err
			}
		}
		return nil
	}
	var fresh []lineage.Reread
	earlier, waiting := 0, 0
	for _, r := range all {
		if r.Waits() {
			waiting++
		}
		switch {
		case r.Since == run.ID:
			fresh = append(fresh, r)
		case r.Waits():
			earlier++
		}
	}
	o.rereadValues(fresh)
	if earlier > 0 {
		printable.Fprintf(o.Stdout, "\n■ 前から確かめられていない、読み方の変わった値%d件（%s）\n", earlier, rereadQuery)
	}
	if waiting > 0 {
		fmt.Fprint(o.Stdout, lookingAt+"確かめるまで、これらに拠る資料は確定できません。\n\n")
	}
	return nil
}

// rereadValues lists the values that a run reads otherwise.
func (o *options) rereadValues(fresh []lineage.Reread) {
	if len(fresh) > 0 {
		printable.Fprintf(o.Stdout, "\n■ 読み方が変わりました（変わっていない調査票の値で、前回と違って読んだもの%d件）\n", len(fresh))
	}
	for i, r := range fresh {
		if i == rereadShown {
			printable.Fprintf(o.Stdout, "  ほか%d件（すべては %s）\n", len(fresh)-i, rereadQuery)
			break
		}
		decided := ""
		if !r.Waits() {
			decided = "（判断.csv: " + shorten(r.Decided) + "）"
		}
		at := strings.Join(nonEmpty(r.Path, r.Sheet, r.Cell), " › ")
		printable.Fprintf(o.Stdout, "  %s\n      %s: %s → %s%s\n", at, r.Item, shorten(r.Old), shorten(r.New), decided)
	}
}
