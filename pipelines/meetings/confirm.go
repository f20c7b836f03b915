package meetings

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
	made "kyogikai/pipelines/papers"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/typeset"
	"kyogikai/pipelines/warehouse"
)

// Confirmations are the sheets on which departments confirm a meeting's figures, with what they have answered.
func Confirmations(
	ctx context.Context, env project.Env, db *warehouse.Reader, m brief.Meeting,
) ([]council.Sheet, error) {
	papers, err := brief.RenderAll(ctx, env.Project, m, db)
	if err != nil {
		return nil, err
	}
	for _, p := range papers {
		if err := made.Remember(env.Outputs, p.Figures); err != nil {
			return nil, err
		}
	}
	city, err := council.ReadCity(ctx, db, m.Municipality)
	if err != nil {
		return nil, err
	}
	return city.Confirmations(ctx, db, m, papers)
}

// WriteConfirmations writes a 数値確認票 for every department that has figures to confirm, as a workbook to fill in and as a
// PDF. Departments that have confirmed everything get none.
func WriteConfirmations(ctx context.Context, env project.Env, m brief.Meeting) ([]council.Sheet, []string, error) {
	if m.Municipality == "" {
		return nil, nil, fmt.Errorf(
			"会議 %s の設定に municipality がないので、数値確認票を作れません。templates/meetings/%s.yaml に書いてください", m.ID, m.File,
		)
	}
	db, err := runs.Open(ctx, env.Outputs, runs.ByState)
	if err != nil {
		return nil, nil, err
	}
	defer db.Close()
	sheets, err := Confirmations(ctx, env, db, m)
	if err != nil {
		return nil, nil, err
	}
	fonts, err := typeset.LoadFonts(env.Project, "templates/fonts")
	if err != nil {
		return nil, nil, fmt.Errorf("reading fonts: %w", err)
	}
	back := env.Settings.Back(m.Municipality, env.AsOf, m.Date)
	var files []string
	for _, s := range sheets {
		if s.Open() == 0 {
			continue
		}
		xlsx, err := s.Workbook(m, false, back)
		if err != nil {
			return sheets, files, err
		}
		pdf, _, err := typeset.Render(fonts, "数値確認票　"+s.Department, m.Date, s.Document(m, false, back))
		if err != nil {
			return sheets, files, fmt.Errorf("%sの数値確認票を作れません: %w", s.Department, err)
		}
		base := filepath.Join(env.Outputs, "confirmations", m.ID, s.FileName(m))
		for name, data := range map[string][]byte{base + ".xlsx": xlsx, base + ".pdf": pdf} {
			if err := atomicfile.Write(name, data); err != nil {
				return sheets, files, err
			}
		}
		files = append(files, base+".xlsx", base+".pdf")
	}
	return sheets, files, nil
}

// MeetingConfirmations is how far a coming meeting's confirmations are.
type MeetingConfirmations struct {
	Meeting     string             `json:"meeting"`
	Held        string             `json:"held"`        // 2025-10-21
	Departments int                `json:"departments"` // that have figures to confirm
	Open        []OpenConfirmation `json:"open"`
	Final       string             `json:"final,omitempty"`     // the edition, where the papers are final
	Unchecked   []string           `json:"unchecked,omitempty"` // papers that are PDFs of departments
}

// OpenConfirmation is a department that has figures to confirm or to fix.
type OpenConfirmation struct {
	Department string `json:"department"`
	Waiting    int    `json:"waiting"`
	ToFix      int    `json:"to_mend"`
	Changed    int    `json:"changed"`
	What       string `json:"what"` // in Japanese
}

// OpenConfirmations lists, of the coming meetings, who has yet to confirm. A meeting whose papers cannot be made is
// passed over: the papers say why.
func OpenConfirmations(ctx context.Context, env project.Env, db *warehouse.Reader) ([]MeetingConfirmations, error) {
	meetings, err := brief.Meetings(env.Project)
	if err != nil {
		return nil, err
	}
	var out []MeetingConfirmations
	for _, m := range brief.Coming(meetings, env.AsOf) {
		editions, err := council.Editions(env.FinalOf(m.ID))
		if err != nil {
			return nil, err
		}
		one := MeetingConfirmations{Meeting: m.ID, Held: m.Date.Format(time.DateOnly), Unchecked: m.Unchecked()}
		if n := len(editions); n > 0 {
			one.Final = editions[n-1].Name() + "、配布日 " + editions[n-1].DistributedOn()
		}
		sheets, err := Confirmations(ctx, env, db, m)
		if err != nil {
			env.Log.Debug("confirmations", "meeting", m.ID, "error", err)
			continue
		}
		one.Departments = len(sheets)
		for _, s := range sheets {
			if s.Open() == 0 || one.Final != "" {
				continue
			}
			one.Open = append(one.Open, OpenConfirmation{
				s.Department, s.Count(council.Waiting), s.Count(council.Correct), s.Count(council.Changed), s.Progress(),
			})
		}
		out = append(out, one)
	}
	return out, nil
}
