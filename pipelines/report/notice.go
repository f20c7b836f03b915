package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/notify"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/sendback"
	"kyogikai/pipelines/warehouse"
)

// notifyPause is how long a channel is given before it is asked again.
const notifyPause = 3 * time.Second

// Outbox is where messages wait until they are sent.
func Outbox(e project.Env) notify.Outbox {
	return notify.Outbox{
		Dir: filepath.Join(e.Outputs, "outbox"), Channels: e.Settings.Tell, Clock: e.Clock, Pause: e.PauseOr(notifyPause),
		World: notify.World{Getenv: e.Getenv, Outputs: e.Outputs},
	}
}

// Notice is a run that people are told of: its record, and what only the run knows.
type Notice struct {
	Env       project.Env
	Run       *runs.Run
	Before    string // the run that was published before it, "" for none
	Unchanged bool   // what is published holds already what it would have made
	Failed    bool   // something in it failed
	Checked   bool   // the published findings are of its inputs

	// Departments asks who may have an address; nobody asks it where no department is told.
	Departments func() ([]record.Department, error)
}

// Send tells people of the run, and counts the messages by sent and waiting; nil where there is nobody to tell. That it
// fails is noted in the record, and is no failure of the run: what could not be sent is sent the next time.
func (t Notice) Send(ctx context.Context) map[string]int {
	message := t.summary(ctx)
	if err := atomicfile.Write(
		runs.SummaryPath(t.Env.Outputs, t.Run.ID), []byte(message.Subject+"\n\n"+message.Text+"\n"),
	); err != nil {
		t.note(fault.Text(err))
	}
	defer t.noteNotified()
	box := Outbox(t.Env)
	if len(t.Env.Settings.Tell) == 0 && box.Waiting() == 0 {
		return nil
	}
	t.fill(ctx, box, message)
	outcomes, err := box.Flush(ctx)
	t.Run.Told = append(slices.DeleteFunc(t.Run.Told, func(o notify.Outcome) bool { return o.Error != "" }), outcomes...)
	if err != nil {
		t.note("通知を送れませんでした：" + fault.Text(err))
	}
	counts := map[string]int{}
	for _, o := range outcomes {
		if o.Error == "" {
			counts["sent"]++
		} else {
			counts["waiting"]++
			t.Env.Log.Warn("知らせられませんでした", "to", o.Channel, "error", o.Error)
		}
	}
	return counts
}

// fill puts into the outbox what each channel is told.
func (t Notice) fill(ctx context.Context, box notify.Outbox, message notify.Message) {
	attention := len(Attention(t.Run)) > 0
	for i := range t.Env.Settings.Tell {
		c := &t.Env.Settings.Tell[i]
		if c.When == notify.Attention && !attention || t.notified(c.Name) {
			continue
		}
		if err := box.Put(summaryKey(t.Run, c.Name), c.Name, message); err != nil {
			t.note("通知を残せませんでした：" + fault.Text(err))
		}
		if c.Mail != nil && c.Mail.Departments && t.Checked {
			if err := t.notifyDepartments(ctx, box, c.Name); err != nil {
				t.note("課への通知を作れませんでした：" + fault.Text(err))
			}
		}
	}
}

func (t Notice) note(text string) { t.Run.Notes = append(t.Run.Notes, text) }

// noteNotified remembers of which figures people have been told: their summary is sent, or waits in the outbox.
func (t Notice) noteNotified() {
	_, current, err := warehouse.Current(t.Env.WarehouseDir())
	if err != nil || current == LastNotified(t.Env) {
		return
	}
	if err := atomicfile.Write(notifiedFile(t.Env), []byte(current+"\n")); err != nil {
		t.note(fault.Text(err))
	}
}

// told reports whether this run, before it was interrupted, has told a channel.
func (t Notice) notified(channel string) bool {
	return slices.ContainsFunc(t.Run.Told, func(o notify.Outcome) bool {
		return o.Channel == channel && o.Error == "" && o.Key == notify.Key(summaryKey(t.Run, channel))
	})
}

// summaryKey stands before the keys of the run's other messages: the operators are told first.
func summaryKey(r *runs.Run, channel string) string { return r.ID + "-1-" + channel }

// LastNotified is the run whose figures people were told of last, "" where nobody was told yet.
func LastNotified(env project.Env) string {
	data, err := os.ReadFile(notifiedFile(env))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}

func notifiedFile(env project.Env) string { return filepath.Join(env.Outputs, "outbox", "told", "run") }

// notifyDepartments lays a mail into the outbox for each department that has an address and findings, with its 差戻し票.
// A department whose findings are those that it was told last gets none.
func (t Notice) notifyDepartments(ctx context.Context, box notify.Outbox, channel string) error {
	departments, err := t.Departments()
	if err != nil {
		return err
	}
	db, err := runs.Open(ctx, t.Env.Outputs, runs.ByState)
	if err != nil {
		return err
	}
	defer db.Close()
	found, written, err := SendBack(ctx, t.Env, db)
	if err != nil {
		return err
	}
	for _, w := range written {
		if w.Failed != "" {
			t.note("差戻し票を作れませんでした（" + w.Source + "）：" + w.Failed)
		}
	}
	file := filepath.Join(t.Env.Outputs, "outbox", "told", "departments.json")
	last := map[string]string{}
	if data, err := os.ReadFile(file); err == nil {
		_ = json.Unmarshal(data, &last) // a damaged one means that all are told again
	}
	now := map[string]string{}
	for who, sum := range last { // of other channels
		if !strings.HasPrefix(who, channel+"　") {
			now[who] = sum
		}
	}
	for _, d := range departments {
		m, ok := departmentMail(d, found, written, t.Env)
		if !ok {
			continue
		}
		sum := sha256.Sum256([]byte(m.Text))
		who := channel + "　" + d.Municipality + "　" + d.Name
		if now[who] = hex.EncodeToString(sum[:]); now[who] == last[who] {
			continue
		}
		if err := box.Put(t.Run.ID+"-2-"+who, channel, m); err != nil {
			return err
		}
	}
	data, err := json.MarshalIndent(now, "", " ")
	if err != nil {
		return fmt.Errorf("writing what departments were told: %w", err)
	}
	return atomicfile.Write(file, data)
}

// departmentMail is the mail to a department about its own findings; ok is false where there is nothing to tell, or
// nowhere.
func departmentMail(
	d record.Department, found []record.Finding, written []sendback.Written, env project.Env,
) (m notify.Message, ok bool) {
	var b strings.Builder
	n := 0
	for _, f := range found {
		if f.Municipality == d.Municipality && f.Department == d.Name {
			n++
			printable.Fprintf(&b, "%d　%s\n　　%s\n", n, finding.Locate(f), sendback.Words(f, env.AsOf))
		}
	}
	if n == 0 || d.Mail == "" {
		return m, false
	}
	// The day of return is on the sheet alone: a mail that said it would be another every night.
	where := env.Settings.Back(d.Municipality, env.AsOf, time.Time{})[1:]
	marked := ""
	for _, w := range written {
		if w.Municipality == d.Municipality && w.Department == d.Name && !w.Stale && w.Failed == "" {
			marked = "\n添付の差戻し票では、確かめるセルに色とコメントを付けています。直すのは元の調査票です。"
		}
	}
	m = notify.Message{
		Subject: printable.Sprintf("【協議会資料】調査票の確認のお願い（%s）", d.Name), To: []string{d.Mail},
		Text: printable.Sprintf("%s %s 御担当者 様\n\n協議会資料の調査票について、次の%d件を確かめてください。\n"+
			"誤りのある行とファイルは、直るまで資料の集計に入りません。%s\n\n%s\n%s\n", d.Bureau, d.Name, n, printable.Block(marked),
			printable.Block(b.String()), printable.Block(strings.Join(where, "\n"))),
	}
	for _, w := range written {
		if w.Municipality != d.Municipality || w.Department != d.Name || w.Stale || w.Failed != "" {
			continue
		}
		if data, err := os.ReadFile(w.File); err == nil {
			m.Attachments = append(m.Attachments, notify.Attachment{Name: filepath.Base(w.File), Data: data})
		}
	}
	return m, true
}

// NotifyFailure tells what became of a night that could not tell it itself (始められませんでした), past the outbox: where
// that stands may be what failed.
func NotifyFailure(ctx context.Context, env project.Env, what string, cause error) {
	message := notify.Message{
		Subject: "【協議会資料】夜間の実行を" + what,
		Text:    fmt.Sprintf("%s\n\nいまのデータは変わりません。原因を取り除いてから、kyogikai nightly を実行してください。", fault.Text(cause)),
	}
	for _, o := range Outbox(env).Direct(ctx, message) {
		if o.Error != "" {
			env.Log.Warn("知らせられませんでした", "to", o.Channel, "error", o.Error)
		}
	}
}
