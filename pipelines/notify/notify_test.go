package notify

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// post is a mail server that keeps what it is given.
type post struct {
	mu      sync.Mutex
	refuse  bool
	to      []string
	letters []string
}

func (p *post) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{p: p}, nil }

type session struct {
	p  *post
	in bool
	to []string
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "協議会" || password != "秘密" {
			return errors.New("wrong password")
		}
		s.in = true
		return nil
	}), nil
}

func (s *session) Mail(string, *smtp.MailOptions) error {
	if !s.in {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "nobody@") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "user unknown"}
	}
	s.to = append(s.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	if s.p.refuse {
		return &smtp.SMTPError{Code: 451, Message: "try later"}
	}
	s.p.letters, s.p.to = append(s.p.letters, string(data)), append(s.p.to, s.to...)
	return nil
}

func (s *session) Reset()        { s.to = nil }
func (s *session) Logout() error { return nil }

// newPost starts a mail server with STARTTLS on loopback; ca is the file of its certificate.
func newPost(t *testing.T) (p *post, address, ca string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}, IsCA: true,
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	ca = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	p = &post{}
	server := smtp.NewServer(p)
	server.ErrorLog = log.New(io.Discard, "", 0)
	server.TLSConfig = &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12,
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return p, "localhost:" + port, ca
}

func box(t *testing.T, channels ...Channel) (Outbox, *time.Time) {
	t.Helper()
	if err := Check(channels); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	dir := t.TempDir()
	return Outbox{
		Dir: filepath.Join(dir, "outbox"), Channels: channels, Clock: func() time.Time { return now },
		Pause: time.Millisecond,
		World: World{Outputs: dir, Getenv: func(name string) string {
			return map[string]string{"MAIL_USER": "協議会", "MAIL_PASSWORD": "秘密", "BAD": "違う"}[name]
		}},
	}, &now
}

func put(t *testing.T, o Outbox, key, channel string, m Message) {
	t.Helper()
	if err := o.Put(key, channel, m); err != nil {
		t.Fatal(err)
	}
}

func flush(t *testing.T, o Outbox) []Outcome {
	t.Helper()
	out, err := o.Flush(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var news = Message{
	Subject: "【協議会資料】令和8年11月22日の実行：更新しました（誤り3件）", Text: "■ 結果\n辻󠄀さん・𠮷野家、①…",
	Attachments: []Attachment{{"差戻し_調査票.xlsx", []byte("PK表")}},
}

func TestMailWithSTARTTLS(t *testing.T) {
	p, address, ca := newPost(t)
	m := &Mail{
		Server: address, CAFile: ca, UserEnv: "MAIL_USER", PasswordEnv: "MAIL_PASSWORD",
		From: "協議会 <kyogikai@city.example.jp>", To: []string{"gyosei@city.example.jp"},
	}
	o, _ := box(t, Channel{Mail: m})
	put(t, o, "1", "mail", news)
	if out := flush(t, o); len(out) != 1 || out[0].Error != "" || o.Waiting() != 0 {
		t.Fatalf("%+v", out)
	}
	letter, err := mail.ReadMessage(strings.NewReader(p.letters[0]))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject"))
	if err != nil || subject != news.Subject {
		t.Errorf("subject %q, %v", subject, err)
	}
	if !strings.HasPrefix(letter.Header.Get("Content-Type"), "multipart/mixed") || len(p.to) != 1 ||
		p.to[0] != "gyosei@city.example.jp" {
		t.Errorf("type %s, to %q", letter.Header.Get("Content-Type"), p.to)
	}
	// A message with receivers of its own goes to them alone.
	put(t, o, "2", "mail", Message{Subject: "課へ", Text: "確かめてください", To: []string{"zaisei@city.example.jp"}})
	if flush(t, o); len(p.to) != 2 || p.to[1] != "zaisei@city.example.jp" {
		t.Errorf("to %q", p.to)
	}
}

// One address that does not exist keeps nobody else's mail.
func TestOneRefusedMailStopsNoOther(t *testing.T) {
	p, address, ca := newPost(t)
	o, _ := box(
		t,
		Channel{Mail: &Mail{
			Server: address, CAFile: ca, UserEnv: "MAIL_USER", PasswordEnv: "MAIL_PASSWORD", From: "a@city.example.jp",
			To: []string{"b@city.example.jp"},
		}},
	)
	for i, to := range []string{"nobody@city.example.jp", "二つ, の@宛先", "c@city.example.jp"} {
		put(t, o, fmt.Sprint(i), "mail", Message{Subject: "題", Text: "文", To: []string{to}})
	}
	out := flush(t, o)
	if len(out) != 3 || !out[0].GivenUp || !out[1].GivenUp || out[2].Error != "" || o.Waiting() != 0 ||
		len(p.letters) != 1 {
		t.Errorf("%+v, %d letters", out, len(p.letters))
	}
	if !strings.Contains(out[0].Error, "nobody@city.example.jp") {
		t.Errorf("does not say whose: %s", out[0].Error)
	}
}

func TestMailThatCannotBeSentSaysWhy(t *testing.T) {
	p, address, ca := newPost(t)
	for want, m := range map[string]*Mail{
		"証明書を確かめられません":         {Server: address, UserEnv: "MAIL_USER", PasswordEnv: "MAIL_PASSWORD"},
		"環境変数 NONE か NONE":     {Server: address, CAFile: ca, UserEnv: "NONE", PasswordEnv: "NONE"},
		"wrong password":       {Server: address, CAFile: ca, UserEnv: "MAIL_USER", PasswordEnv: "BAD"},
		"相手が受け付けません":           {Server: "localhost:1", CAFile: ca},
		"ca_file":              {Server: address, CAFile: "/nowhere"},
		"authenticate":         {Server: address, CAFile: ca},
		"ca_file /dev/null に証": {Server: address, CAFile: "/dev/null"},
	} {
		m.From, m.To = "a@city.example.jp", []string{"b@city.example.jp"}
		o, _ := box(t, Channel{Mail: m})
		put(t, o, "1", "mail", news)
		if out := flush(t, o); len(out) != 1 || !strings.Contains(out[0].Error, want) || o.Waiting() != 1 {
			t.Errorf("%s: %+v", want, out)
		}
	}
	if len(p.letters) != 0 {
		t.Error("something was sent")
	}
}

func TestOutboxKeepsWhatCouldNotBeSent(t *testing.T) {
	var got []string
	var status = http.StatusServiceUnavailable
	asked := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		var body struct{ Text string }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil ||
			r.Header.Get("Content-Type") != "application/json; charset=utf-8" {
			t.Errorf("body: %v", err)
		}
		w.WriteHeader(status)
		if status == http.StatusOK {
			got = append(got, body.Text)
		}
	}))
	defer s.Close()
	o, now := box(t, Channel{Webhook: &Webhook{URL: s.URL + "/secret-token"}})
	put(t, o, "1", "webhook", news)
	put(t, o, "2", "webhook", Message{Subject: "二", Text: "次"})
	out := flush(t, o)
	if len(out) != 2 || out[0].Error == "" || out[1].Error != out[0].Error || asked != tries || o.Waiting() != 2 {
		t.Errorf("%+v, asked %d times", out, asked)
	}
	if strings.Contains(out[0].Error, "secret-token") {
		t.Errorf("tells the secret: %s", out[0].Error)
	}
	status = http.StatusOK
	if flush(t, o); len(got) != 2 || got[0] != news.Subject+"\n"+news.Text || got[1] != "二\n次" || o.Waiting() != 0 {
		t.Errorf("sent %q", got)
	}
	// A week later it is given up, and so is what is for a channel that is gone.
	status = http.StatusGone
	put(t, o, "3", "webhook", news)
	put(t, o, "4", "電報", news)
	*now = now.AddDate(0, 0, 8)
	out = flush(t, o)
	if len(out) != 2 || !out[0].GivenUp || !out[1].GivenUp || o.Waiting() != 0 {
		t.Errorf("%+v", out)
	}
	s.Close()
	put(t, o, "5", "webhook", news)
	if out = flush(t, o); strings.Contains(out[0].Error, "secret-token") || !strings.Contains(out[0].Error, "届きません") {
		t.Errorf("tells the secret: %+v", out)
	}
}

func TestWebhookBodies(t *testing.T) {
	long := Message{Subject: "長", Text: strings.Repeat("あ", 10_000)}
	for format, want := range map[string]string{
		"text": `{"text":"長\nあ`,
		"adaptive_card": `{"attachments":[{"content":{"$schema":"http://adaptivecards.io/schemas/adaptive-card.json",` +
			`"body":[{"text":"長\nあ`,
	} {
		data, err := json.Marshal((&Webhook{Format: format}).body(long))
		if err != nil || !bytes.HasPrefix(data, []byte(want)) || len([]rune(string(data))) > 4200 ||
			!strings.Contains(string(data), "全文は") {
			t.Errorf("%s: %v %.200s", format, err, data)
		}
	}
}

func TestSettingsOfChannelsAreChecked(t *testing.T) {
	mailTo := func(change func(*Mail)) Channel {
		m := &Mail{Server: "mail:25", From: "a@b.jp", To: []string{"c@d.jp"}}
		change(m)
		return Channel{Mail: m}
	}
	for want, c := range map[string][]Channel{
		"のうち一つだけ":                {{File: "a", Webhook: &Webhook{}}},
		"二つあります":                 {{File: "a"}, {File: "b"}},
		"always か":               {{File: "a", When: "sometimes"}},
		"outputs の中":             {{File: "../a"}},
		"どちらか一つ":                 {{Webhook: &Webhook{URL: "https://a", URLEnv: "B"}}},
		"adaptive_card":          {{Webhook: &Webhook{URL: "https://a", Format: "xml"}}},
		"サーバ名:ポート":               {mailTo(func(m *Mail) { m.Server = "mail" })},
		"to（宛先":                  {mailTo(func(m *Mail) { m.To = nil })},
		"メールアドレスとして":             {mailTo(func(m *Mail) { m.From = "あて先なし" })},
		"両方を":                    {mailTo(func(m *Mail) { m.UserEnv = "U" })},
		"パスワードを送れません":            {mailTo(func(m *Mail) { m.UserEnv, m.PasswordEnv, m.TLS = "U", "P", "none" })},
		"starttls、implicit、none": {mailTo(func(m *Mail) { m.TLS = "ssl3" })},
	} {
		if err := Check(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestFileIsReplaced(t *testing.T) {
	o, _ := box(t, Channel{File: "お知らせ.txt"})
	for i := range 2 {
		put(t, o, fmt.Sprint(i), "file", Message{Subject: fmt.Sprint("題", i), Text: "文"})
		flush(t, o)
	}
	if data, err := os.ReadFile(filepath.Join(o.World.Outputs, "お知らせ.txt")); err != nil || string(data) != "題1\n\n文\n" {
		t.Errorf("%q, %v", data, err)
	}
}

// Names and cells in a message add no header to a mail, hide nothing in its text, and are no mention or link in a chat.
func TestForeignTextInMessages(t *testing.T) {
	hostile := Message{
		Subject: "課\r\nBcc: evil@example.com\r\n\r\n<html>", Text: "一\n二\x1b[2J\u202e\n.\n三",
		Attachments: []Attachment{{"差戻し_\r\nX: y\u202e/票" + strings.Repeat("長", 100) + ".xlsx", []byte("PK")}},
	}
	p, address, ca := newPost(t)
	m := &Mail{
		Server: address, CAFile: ca, UserEnv: "MAIL_USER", PasswordEnv: "MAIL_PASSWORD", From: "a@city.example.jp",
		To: []string{"b@city.example.jp"},
	}
	o, _ := box(t, Channel{Mail: m}, Channel{File: "お知らせ.txt"})
	put(t, o, "1", "mail", hostile)
	put(t, o, "2", "file", hostile)
	put(t, o, "3-"+strings.Repeat("課", 300), "file", hostile)
	for _, out := range flush(t, o) {
		if out.Error != "" {
			t.Fatal(out)
		}
	}
	letter, err := mail.ReadMessage(strings.NewReader(p.letters[0]))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject"))
	if err != nil || subject != "課⏎Bcc: evil@example.com⏎⏎<html>" || letter.Header.Get("Bcc") != "" ||
		letter.Header.Get("X") != "" ||
		len(p.to) != 1 {
		t.Errorf("subject %q, %v, to %q, %v", subject, letter.Header, p.to, err)
	}
	told, err := os.ReadFile(filepath.Join(o.World.Outputs, "お知らせ.txt"))
	if want := "課⏎Bcc: evil@example.com⏎⏎<html>\n\n一\n二␛[2J〔U+202E〕\n.\n三\n"; err != nil || string(told) != want {
		t.Errorf("the file says %q, want %q", told, want)
	}
	if name := hostile.shown().Attachments[0].Name; len(name) > 255 || strings.ContainsAny(name, "/\r\n\u202e") ||
		!strings.HasSuffix(name, ".xlsx") {
		t.Errorf("the attachment is called %q", name)
	}
	for _, format := range []string{"text", "adaptive_card"} {
		data, err := json.Marshal(
			(&Webhook{Format: format}).body(Message{Subject: "<!channel> @here", Text: "[ここ](https://evil.example)"}),
		)
		if err != nil || strings.Contains(string(data), "<!channel>") || strings.Contains(string(data), "\\u003c") ||
			strings.Contains(string(data), "](") || !strings.Contains(string(data), "＜!channel＞") {
			t.Errorf("%s: %s, %v", format, data, err)
		}
	}
}
