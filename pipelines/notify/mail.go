package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"kyogikai/pipelines/fault"

	"github.com/wneessen/go-mail"
)

// Mail is an SMTP server and whom it writes to.
type Mail struct {
	Server      string   `yaml:"server"` // host:port
	TLS         string   `yaml:"tls"`    // starttls, implicit (port 465), none (a relay inside the city hall)
	CAFile      string   `yaml:"ca_file"`
	UserEnv     string   `yaml:"user_env"`
	PasswordEnv string   `yaml:"password_env"`
	From        string   `yaml:"from"`
	To          []string `yaml:"to"`
	Departments bool     `yaml:"departments"` // each department gets its own findings at its address in 組織.csv
}

const mailTimeout = 30 * time.Second

func (m *Mail) check() error {
	if _, _, err := net.SplitHostPort(m.Server); err != nil {
		return fmt.Errorf("mail の server は「サーバ名:ポート番号」と書いてください")
	}
	if m.From == "" || len(m.To) == 0 {
		return fmt.Errorf("mail には from（差出人）と to（宛先の並び）を書いてください")
	}
	if (m.UserEnv == "") != (m.PasswordEnv == "") {
		return fmt.Errorf("mail の user_env と password_env は両方を書いてください")
	}
	msg := mail.NewMsg()
	if msg.From(m.From) != nil || msg.To(m.To...) != nil {
		return fmt.Errorf("mail の from か to をメールアドレスとして読めません")
	}
	switch m.TLS {
	case "":
		m.TLS = "starttls"
	case "starttls", "implicit":
	case "none":
		if m.UserEnv != "" {
			return fmt.Errorf("mail: tls: none ではパスワードを送れません（user_env を消すか、starttls にしてください）")
		}
	default:
		return fmt.Errorf("mail の tls は starttls、implicit、none のいずれかです")
	}
	return nil
}

func (m *Mail) send(ctx context.Context, w World, message Message) error {
	client, err := m.client(w)
	if err != nil {
		return err
	}
	msg := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8))
	to := m.To
	if len(message.To) > 0 {
		to = message.To
	}
	if err := msg.From(m.From); err != nil {
		return fmt.Errorf("差出人「%s」を読めません: %w", m.From, err)
	}
	if err := msg.To(to...); err != nil {
		return &refusedError{fmt.Errorf("宛先「%s」をメールアドレスとして読めません: %w", strings.Join(to, "、"), err)}
	}
	msg.Subject(message.Subject)
	msg.SetBodyString(mail.TypeTextPlain, message.Text)
	for _, a := range message.Attachments {
		if err := msg.AttachReader(a.Name, bytes.NewReader(a.Data)); err != nil {
			return fmt.Errorf("添付「%s」を付けられません: %s", a.Name, fault.Quote(err))
		}
	}
	ctx, cancel := context.WithTimeout(ctx, mailTimeout)
	defer cancel()
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		var why *mail.SendError
		if errors.As(err, &why) && !why.IsTemp() &&
			slices.Contains([]mail.SendErrReason{mail.ErrSMTPRcptTo, mail.ErrSMTPData, mail.ErrSMTPDataClose}, why.Reason) {
			return &refusedError{fmt.Errorf(
				"宛先「%s」へのメールを、メールサーバ %s が受け取りません: %s", strings.Join(to, "、"), m.Server, fault.Quote(err),
			)}
		}
		return fmt.Errorf("メールサーバ %s から送れません: %s", m.Server, fault.Quote(err))
	}
	return nil
}

func (m *Mail) client(w World) (*mail.Client, error) {
	host, port, err := net.SplitHostPort(m.Server)
	if err != nil {
		return nil, fmt.Errorf("mail の server「%s」を読めません: %w", m.Server, err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, fmt.Errorf("mail の server「%s」を読めません: %w", m.Server, err)
	}
	trust := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if m.CAFile != "" {
		pem, err := os.ReadFile(m.CAFile)
		if err != nil {
			return nil, fmt.Errorf("mail の ca_file を読めません: %w", err)
		}
		trust.RootCAs = x509.NewCertPool()
		if !trust.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("mail の ca_file %s に証明書がありません", m.CAFile)
		}
	}
	options := []mail.Option{mail.WithPort(number), mail.WithTLSConfig(trust), mail.WithTimeout(mailTimeout)}
	switch m.TLS {
	case "implicit":
		options = append(options, mail.WithSSL())
	case "none":
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if m.UserEnv != "" {
		user, password := w.Getenv(m.UserEnv), w.Getenv(m.PasswordEnv)
		if user == "" || password == "" {
			return nil, fmt.Errorf("環境変数 %s か %s がありません。実行する人の環境に設定してください", m.UserEnv, m.PasswordEnv)
		}
		options = append(
			options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(user), mail.WithPassword(password),
		)
	}
	c, err := mail.NewClient(host, options...)
	if err != nil {
		return nil, fmt.Errorf("mail の設定を使えません: %w", err)
	}
	return c, nil
}
