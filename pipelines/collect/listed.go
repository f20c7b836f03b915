package collect

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"kyogikai/pipelines/finding"
)

// list names the files of a source that the program reads, with where each belongs, and those that a department has put
// into its folder although nothing reads them: it is told. Of what lies in a folder that could not be looked into, or
// that has lost all of its workbooks at once, nothing is known.
func (p *puller) list(ctx context.Context, d door) ([]remote, error) {
	all, err := d.list(ctx, p.again)
	if err != nil {
		return nil, err
	}
	var out []remote
	var books []string // paths there of what can be read
	for _, f := range all.files {
		name := PathName(path.Base(f.name))
		workbook := p.Supported(name)
		if !workbook && !Submission(name) || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") {
			continue
		}
		var why string
		f.target, why = p.source.place.target(f.name, p.Bureau)
		if !workbook && (why != "" || f.target.department == "" || f.size > p.source.limit()) {
			continue // no department has put it into its folder to be read
		}
		p.report.Listed++
		p.there[f.name] = true
		if workbook {
			books = append(books, f.name)
		}
		if why != "" {
			p.failed(f, why+"。"+f.name+" を正しい場所に移してください。")
			continue
		}
		out = append(out, f)
	}
	p.forget()
	empty, err := p.emptied(all, books)
	if err != nil {
		return nil, err
	}
	inEmpty := func(name string) bool {
		return slices.ContainsFunc(empty, func(u unseen) bool { return inside(name, u.name) })
	}
	out = slices.DeleteFunc(out, func(f remote) bool { return inEmpty(f.name) }) // whatever is shown in their place
	failed := slices.DeleteFunc(all.failed, func(u unseen) bool { return inEmpty(u.name) })
	for _, u := range slices.Concat(empty, failed) {
		p.unseen(u)
	}
	slices.SortFunc(out, func(a, b remote) int { // what failed before waits for the others
		return cmp.Or(p.since(a.name).Compare(p.since(b.name)), strings.Compare(a.name, b.name))
	})
	return out, nil
}

// emptied are the folders that have lost all of their workbooks at once, the highest of each: a share that has come off
// shows an empty folder, and a server that wants a login some page. Where it is the source itself, that is the error.
func (p *puller) emptied(l listing, books []string) (out []unseen, err error) {
	const check = "共有フォルダが外れていないか、場所が変わっていないか、確かめてください。"
	if p.report.Listed == 0 && len(l.failed) == 0 {
		return nil, failure{text: "調査票が一つもありません。" + check}
	}
	folders := slices.Clone(l.folders)
	slices.SortFunc(folders, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) })
	for _, folder := range folders {
		lost := p.lost(folder, l.failed)
		if lost == 0 || slices.ContainsFunc(books, func(name string) bool { return inside(name, folder) }) ||
			slices.ContainsFunc(out, func(above unseen) bool { return inside(folder, above.name) }) {
			continue
		}
		if folder == "" {
			return nil, failure{text: fmt.Sprintf("前にあった調査票（%d件）が、一つも見えません。%s", lost, check)}
		}
		out = append(out, unseen{folder, fmt.Sprintf(
			"フォルダ %s に、前にあった調査票（%d件）が一つも見えません。%s本当に取り下げたものなら、inputs からも除いてください。", folder, lost, check,
		)})
	}
	return out, nil
}

// lost counts the workbooks that came from a folder and should be seen in it.
func (p *puller) lost(folder string, failed []unseen) int {
	n := 0
	for _, name := range p.standingIn(folder) {
		if p.Supported(PathName(path.Base(name))) &&
			!slices.ContainsFunc(failed, func(u unseen) bool { return inside(name, u.name) }) {
			n++
		}
	}
	return n
}

// standingIn are the files that came from a folder of the source and have not been found removed there, in their order.
func (p *puller) standingIn(folder string) []string {
	var out []string
	for name, k := range p.state.Files {
		if k.SHA256 != "" && k.Removed == "" && inside(name, folder) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// unseen notes a folder that could not be looked into. What came from it stays, and each folder of the inputs that it
// feeds is told.
func (p *puller) unseen(u unseen) {
	p.hidden = append(p.hidden, u.name)
	p.report.Failed++
	p.report.name(u.name)
	if !p.tell(p.standingIn(u.name), u.why) {
		p.problem(finding.SourceFailed, target{}, u.why)
	}
}

// tell notes for each folder of the inputs why files of the source have not come, and for each file since when. It is
// false where there are none.
func (p *puller) tell(names []string, why string) bool {
	told := map[string]bool{}
	for _, name := range names {
		k := p.state.Files[name]
		if k == nil {
			continue
		}
		k.fail(p.Clock())
		if dir := path.Dir(k.Target); !told[dir] {
			told[dir] = true
			p.problem(finding.SourceFailed, target{dir, k.Municipality, k.Department}, why)
		}
	}
	return len(told) > 0
}
