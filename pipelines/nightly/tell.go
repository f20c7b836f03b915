package nightly

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
	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/notify"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/sendback"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workbook"
)

// tellPause is how long a channel is given before it is asked again.
const tellPause = 3 * time.Second

func (e Env) outbox() notify.Outbox {
	return notify.Outbox{
		Dir: filepath.Join(e.Outputs, "outbox"), Channels: e.Settings.Tell, Clock: e.Clock, Pause: e.pause(tellPause),
		World: notify.World{Getenv: e.Getenv, Outputs: e.Outputs},
	}
}

// tell sends the run's summary. That it fails is noted, and is no failure of the run: what could not be sent is sent the
// next time.
func (n *night) tell(ctx context.Context, s *Step) error {
	message := n.summary(ctx)
	if err := atomicfile.Write(filepath.Join(n.Outputs, "runs", n.run.ID+".txt"), []byte(message.Subject+"\n\n"+message.Text+"\n")); err != nil {
		n.run.Notes = append(n.run.Notes, err.Error())
	}
	box := n.outbox()
	if len(n.Settings.Tell) == 0 && box.Waiting() == 0 {
		return n.noteTold(kept(s))
	}
	attention := len(Attention(n.run)) > 0
	for i := range n.Settings.Tell {
		c := &n.Settings.Tell[i]
		if c.When == notify.Attention && !attention || n.told(c.Name) {
			continue
		}
		if err := box.Put(summaryKey(n.run, c.Name), c.Name, message); err != nil {
			n.run.Notes = append(n.run.Notes, "通知を残せませんでした："+err.Error())
		}
		if c.Mail != nil && c.Mail.Departments && !n.failed["check"] {
			if err := n.tellDepartments(ctx, box, c.Name); err != nil {
				n.run.Notes = append(n.run.Notes, "課への通知を作れませんでした："+err.Error())
			}
		}
	}
	outcomes, err := box.Flush(ctx)
	n.run.Told = append(slices.DeleteFunc(n.run.Told, func(o notify.Outcome) bool { return o.Error != "" }), outcomes...)
	if err != nil {
		n.run.Notes = append(n.run.Notes, "通知を送れませんでした："+err.Error())
	}
	s.Counts = map[string]int{}
	for _, o := range outcomes {
		if o.Error == "" {
			s.Counts["sent"]++
		} else {
			s.Counts["waiting"]++
			n.Log.Warn("知らせられませんでした", "to", o.Channel, "error", o.Error)
		}
	}
	return n.noteTold(nil)
}

// noteTold remembers of which figures people have been told: their summary is sent, or waits in the outbox.
func (n *night) noteTold(err error) error {
	if _, current, gone := warehouse.Current(n.WarehouseDir()); gone == nil && err == nil && current != lastTold(n.Env) {
		if failed := atomicfile.Write(toldFile(n.Env), []byte(current+"\n")); failed != nil {
			n.run.Notes = append(n.run.Notes, failed.Error())
		}
	}
	return err
}

// told reports whether this run, before it was interrupted, has told a channel.
func (n *night) told(channel string) bool {
	return slices.ContainsFunc(n.run.Told, func(o notify.Outcome) bool {
		return o.Channel == channel && o.Error == "" && o.Key == notify.Key(summaryKey(n.run, channel))
	})
}

// summaryKey stands before the keys of the run's other messages: the operators are told first.
func summaryKey(r *Run, channel string) string { return r.ID + "-1-" + channel }

// lastTold is the run whose figures people were told of last, "" where nobody was told yet.
func lastTold(env Env) string {
	data, err := os.ReadFile(toldFile(env))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}

func toldFile(env Env) string { return filepath.Join(env.Outputs, "outbox", "told", "run") }

// tellDepartments lays a mail into the outbox for each department that has an address and findings, with its 差戻し票.
// A department whose findings are those that it was told last gets none.
func (n *night) tellDepartments(ctx context.Context, box notify.Outbox, channel string) error {
	tree, err := collect.Walk(n.Inputs, workbook.Supported, nil)
	if err != nil {
		return fmt.Errorf("listing inputs: %w", err)
	}
	masters, err := form.ReadMasters(tree)
	if err != nil {
		return err
	}
	db, err := warehouse.Open(ctx, n.WarehouseDir())
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // read only
	found, written, err := Returns(ctx, n.Env, db)
	if err != nil {
		return err
	}
	file := filepath.Join(n.Outputs, "outbox", "told", "departments.json")
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
	for _, d := range masters.Departments {
		m, ok := departmentMail(d, found, written)
		if !ok {
			continue
		}
		sum := sha256.Sum256([]byte(m.Text))
		who := channel + "　" + d.Municipality + "　" + d.Name
		if now[who] = hex.EncodeToString(sum[:]); now[who] == last[who] {
			continue
		}
		if err := box.Put(n.run.ID+"-2-"+who, channel, m); err != nil {
			return err
		}
	}
	data, err := json.MarshalIndent(now, "", " ")
	if err != nil {
		return fmt.Errorf("writing what departments were told: %w", err)
	}
	return atomicfile.Write(file, data)
}

// departmentMail is the mail to a department about its own findings; ok is false where there is nothing to tell, or nowhere.
func departmentMail(d record.Department, found []record.Finding, written []sendback.Written) (m notify.Message, ok bool) {
	var b strings.Builder
	n := 0
	for _, f := range found {
		if f.Municipality == d.Municipality && f.Department == d.Name {
			n++
			fmt.Fprintf(&b, "%d　%s\n　　%s\n", n, finding.Locate(f), f.Message)
		}
	}
	if n == 0 || d.Mail == "" {
		return m, false
	}
	marked := ""
	for _, w := range written {
		if w.Municipality == d.Municipality && w.Department == d.Name && !w.Stale {
			marked = "\n添付の差戻し票では、確かめるセルに色とコメントを付けています。直すのは元の調査票です。"
		}
	}
	m = notify.Message{
		Subject: fmt.Sprintf("【協議会資料】調査票の確認のお願い（%s）", d.Name), To: []string{d.Mail},
		Text: fmt.Sprintf("%s %s 御担当者 様\n\n協議会資料の調査票について、次の%d件を確かめてください。\n"+
			"誤りのある行とファイルは、直るまで資料の集計に入りません。%s\n\n%s", d.Bureau, d.Name, n, marked, b.String()),
	}
	for _, w := range written {
		if w.Municipality != d.Municipality || w.Department != d.Name || w.Stale {
			continue
		}
		if data, err := os.ReadFile(w.File); err == nil {
			m.Attachments = append(m.Attachments, notify.Attachment{Name: filepath.Base(w.File), Data: data})
		}
	}
	return m, true
}

// tellFailure tells that a run could not even begin, past the outbox: where that stands may be what failed.
func tellFailure(ctx context.Context, env Env, cause error) {
	message := notify.Message{
		Subject: "【協議会資料】夜間の実行を始められませんでした",
		Text:    fmt.Sprintf("%v\n\n公表済みのものは変わりません。原因を取り除いてから、kyogikai nightly を実行してください。", cause),
	}
	for _, o := range env.outbox().Direct(ctx, message) {
		if o.Error != "" {
			env.Log.Warn("知らせられませんでした", "to", o.Channel, "error", o.Error)
		}
	}
}
