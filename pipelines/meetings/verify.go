package meetings

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/papers"
	"kyogikai/pipelines/project"
)

// Verified is what became of looking at a stored edition.
type Verified struct {
	Edition council.Edition
	Files   int      // that are as they were stored
	Same    int      // of them, those that come out byte for byte from the kept run
	Faults  []string // what is not as it was
	Notes   []string // why something could not be compared
}

// VerifyFinal compares a meeting's stored final papers with what was noted when they became final, and with what comes
// out of the kept runs now. It changes nothing in them; a ledger that is missing is put back.
func VerifyFinal(ctx context.Context, env project.Env, m brief.Meeting) ([]Verified, error) {
	release, err := papers.Lock(ctx, env.FinalOf(m.ID))
	if err != nil {
		return nil, err
	}
	defer release()
	editions, err := council.Editions(env.FinalOf(m.ID))
	if err != nil {
		return nil, err
	}
	var out []Verified
	for i, e := range editions {
		v := Verified{Edition: e}
		if v.Faults, err = e.Damage(); err != nil {
			return nil, err
		}
		damaged := map[string]bool{}
		for _, fault := range v.Faults {
			name, _, _ := strings.Cut(fault, "：")
			damaged[name] = true
		}
		v.Files = len(e.Files)
		for name := range e.Files {
			if damaged[name] {
				v.Files--
			}
		}
		var before *council.Edition
		if i > 0 {
			before = &editions[i-1]
		}
		if err := v.remake(ctx, env, before); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	if err := sealLedgers(env, m, editions); err != nil && len(out) > 0 {
		last := &out[len(out)-1]
		last.Faults = append(last.Faults, fault.Text(err))
	}
	return out, nil
}

// remake makes an edition's files anew from the run that it rests on, and compares them.
func (v *Verified) remake(ctx context.Context, env project.Env, before *council.Edition) error {
	e := v.Edition
	files, err := remade(ctx, env, e, before)
	if err != nil {
		v.Notes = append(v.Notes, "もとの実行 "+e.Run+" から作り直して比べることはできませんでした："+fault.Text(err))
		return ctx.Err()
	}
	var differ []string
	for name, data := range files {
		stored, err := e.Read(name)
		if err == nil && bytes.Equal(stored, data) {
			v.Same++
		} else {
			differ = append(differ, name)
		}
	}
	if len(differ) == 0 {
		return nil
	}
	fonts, err := council.Fonts(env.Project)
	if err != nil {
		return err
	}
	same := e.Program == env.Version
	for name, sum := range e.Fonts {
		same = same && fonts[name] == sum
	}
	what := fmt.Sprintf("もとの実行 %s から作り直すと、%d件のファイルの内容が違います（例：%s）", e.Run, len(differ), differ[0])
	if same {
		v.Faults = append(v.Faults, what)
	} else {
		v.Notes = append(v.Notes, what+"。プログラムか書体が、確定したときのものと違います")
	}
	return nil
}

// remade are an edition's files as they come out of its run now.
func remade(
	ctx context.Context, env project.Env, e council.Edition, before *council.Edition,
) (map[string][]byte, error) {
	side, err := openEdition(ctx, env, e)
	if err != nil {
		return nil, err
	}
	defer side.Close()
	files, err := paperFiles(side.meeting, e.Number, side.Rendered)
	if err != nil || before == nil {
		return files, err
	}
	old, err := openEdition(ctx, env, *before)
	if err != nil {
		return nil, err
	}
	defer old.Close()
	more, _, err := replacement(ctx, old, side, e.DistributedOn(), e.Reason)
	for name, data := range more {
		files[name] = data
	}
	return files, err
}
