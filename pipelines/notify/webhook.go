package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Webhook is a chat's address that takes JSON. Its address is a secret, so it may stand in an environment variable.
type Webhook struct {
	URL    string `yaml:"url"`
	URLEnv string `yaml:"url_env"`
	Format string `yaml:"format"` // text: {"text": …}, as LoGoチャット and Slack take it; adaptive_card: as Teams takes it
}

const (
	webhookTimeout = 15 * time.Second
	longestChat    = 3500 // characters; LoGoチャット and Teams refuse longer ones
)

func (w *Webhook) check() error {
	if (w.URL == "") == (w.URLEnv == "") {
		return fmt.Errorf("webhook には url か url_env（環境変数の名前）のどちらか一つを書いてください")
	}
	switch w.Format {
	case "":
		w.Format = "text"
	case "text", "adaptive_card":
	default:
		return fmt.Errorf("webhook の format は text か adaptive_card です")
	}
	return nil
}

func (w *Webhook) send(ctx context.Context, world World, m Message) error {
	address := w.URL
	if w.URLEnv != "" {
		if address = world.Getenv(w.URLEnv); address == "" {
			return fmt.Errorf("環境変数 %s がありません。実行する人の環境に設定してください", w.URLEnv)
		}
	}
	to, err := url.Parse(address)
	if err != nil || to.Host == "" {
		return fmt.Errorf("webhook の場所を読めません。https://… の形で書いてください")
	}
	body, err := json.Marshal(w.body(m))
	if err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, webhookTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("asking %s: %w", to.Host, withoutAddress(err))
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	// to nobody else
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		return fmt.Errorf("%s に届きません: %w", to.Host, withoutAddress(err))
	}
	defer resp.Body.Close() //nolint:errcheck // only its status matters
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16))
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("%s が受け取りません（%d）。webhook の場所が有効か確かめてください", to.Host, resp.StatusCode)
	}
	return nil
}

// noMarkup keeps a chat from reading a name as a mention (<!channel>) or as a link ([ここ](https://…)).
var noMarkup = strings.NewReplacer("<", "＜", ">", "＞", "](", "］(")

// body is the JSON of a message.
func (w *Webhook) body(m Message) any {
	text := noMarkup.Replace(m.Subject + "\n" + m.Text)
	if r := []rune(text); len(r) > longestChat {
		text = string(r[:longestChat]) + "…\n（長いので省きました。全文は outputs/runs と kyogikai status にあります）"
	}
	if w.Format == "text" {
		return map[string]string{"text": text}
	}
	return map[string]any{
		"type": "message",
		"attachments": []any{map[string]any{
			"contentType": "application/vnd.microsoft.card.adaptive",
			"content": map[string]any{
				"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4",
				"body": []any{map[string]any{"type": "TextBlock", "text": text, "wrap": true}},
			},
		}},
	}
}
