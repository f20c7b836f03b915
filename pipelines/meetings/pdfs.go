package meetings

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
)

// replacedPDFs is an edition's project in which some PDFs are those of another: by the names that the edition has for
// them, so that its meeting's file goes on being right.
type replacedPDFs struct {
	fs.FS
	today fs.FS
	names map[string]string // of the edition → of today
}

func (r replacedPDFs) Open(name string) (fs.File, error) {
	if now, ok := r.names[name]; ok {
		return r.today.Open(now)
	}
	return r.FS.Open(name)
}

// withPDFs is an edition's project with the departments' PDFs of today: by the items of the two meetings, which may
// call them otherwise. Notes tell of those that are taken from the edition; what only the settings of today can say is
// an error.
func withPDFs(edition, today fs.FS, then, now brief.Meeting) (fs.FS, []string, error) {
	out := replacedPDFs{edition, today, map[string]string{}}
	var notes []string
	for _, it := range then.Items {
		i := slices.IndexFunc(now.Items, func(o brief.Item) bool { return o.Key() == it.Key() })
		if i < 0 {
			i = slices.IndexFunc(now.Items, func(o brief.Item) bool { return o.Title == it.Title })
		}
		if i < 0 || it.PDF == "" && len(it.Attached) == 0 {
			continue
		}
		present, name := now.Items[i], council.PaperName(it)
		if it.PDF != "" && it.Pages != present.Pages || len(it.Attached) != len(present.Attached) ||
			(it.PDF == "") != (present.PDF == "") {
			return nil, nil, fmt.Errorf(
				"%sのPDFの設定（pdf、pages、attached）が、確定したときと変わっています。kyogikai errata %s --templates で、いまの設定で作ったものと比べてください",
				name, then.ID,
			)
		}
		for k, was := range append([]string{it.PDF}, it.Attached...) {
			is := append([]string{present.PDF}, present.Attached...)[k]
			if was == "" {
				continue
			}
			if _, err := fs.Stat(today, meetingFile(is)); errors.Is(err, fs.ErrNotExist) {
				notes = append(notes, fmt.Sprintf(
					"%sのPDF（%s）がいまはないので、確定したときのPDFのままとみなしました。替わっていないかは分かりません", name, meetingFile(is),
				))
				continue
			} else if err != nil {
				return nil, nil, fmt.Errorf("%s を読めません。権限を確かめてください: %w", meetingFile(is), err)
			}
			out.names[meetingFile(was)] = meetingFile(is)
		}
	}
	return out, notes, nil
}

func meetingFile(name string) string { return path.Join("templates/meetings", name) }
