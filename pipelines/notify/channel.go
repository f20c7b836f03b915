// Package notify sends messages to people: to a chat's webhook, by mail, into a file. What cannot be sent waits in an
// outbox for the next time.
package notify

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/printable"
)

// Channel is one way to tell: kyogikai.yaml, tell. Exactly one of Webhook, Mail and File is set.
type Channel struct {
	Name    string   `yaml:"name"`
	Webhook *Webhook `yaml:"webhook"`
	Mail    *Mail    `yaml:"mail"`
	File    string   `yaml:"file"` // replaced each time; relative to the outputs folder
	When    string   `yaml:"when"` // always, or attention: only where something needs a person
}

// When a channel is told.
const (
	Always    = "always"
	Attention = "attention"
)

// Message is what is told. Subject is one line.
type Message struct {
	Subject     string       `json:"subject"`
	Text        string       `json:"text"`
	To          []string     `json:"to,omitempty"` // instead of the channel's own receivers
	Attachments []Attachment `json:"attachments,omitempty"`
}

// Attachment is a file that goes with a mail.
type Attachment struct {
	Name string `json:"name"`
	Data []byte `json:"data"`
}

// World is what sending needs from outside.
type World struct {
	Getenv  func(string) string
	Outputs string // where the files of File channels stand
}

// Check completes the settings of channels and says what is wrong with them, in words for whoever wrote them.
func Check(channels []Channel) error {
	seen := map[string]bool{}
	for i := range channels {
		c := &channels[i]
		kinds := 0
		for _, set := range []bool{c.Webhook != nil, c.Mail != nil, c.File != ""} {
			if set {
				kinds++
			}
		}
		if kinds != 1 {
			return fmt.Errorf("tell の%d番目: webhook、mail、file のうち一つだけを書いてください", i+1)
		}
		if c.Name == "" {
			c.Name = c.Kind()
		}
		if seen[c.Name] {
			return fmt.Errorf("tell の%d番目: 「%s」が二つあります。name を書いて分けてください", i+1, c.Name)
		}
		seen[c.Name] = true
		if c.When == "" {
			c.When = Always
		}
		if !slices.Contains([]string{Always, Attention}, c.When) {
			return fmt.Errorf("tell「%s」: when は always か attention です", c.Name)
		}
		if err := c.check(); err != nil {
			return fmt.Errorf("tell「%s」: %w", c.Name, err)
		}
	}
	return nil
}

// Kind is the key under which the settings say how it tells.
func (c *Channel) Kind() string {
	switch {
	case c.Webhook != nil:
		return "webhook"
	case c.Mail != nil:
		return "mail"
	}
	return "file"
}

func (c *Channel) check() error {
	switch {
	case c.Webhook != nil:
		return c.Webhook.check()
	case c.Mail != nil:
		return c.Mail.check()
	case filepath.IsAbs(c.File):
		return nil
	case !filepath.IsLocal(c.File):
		return fmt.Errorf("file は outputs の中か、/ で始まる場所にしてください")
	}
	return nil
}

// shown is a message as a reader is to see it, whatever names and cells have gone into it: a subject of one line, a
// text in which nothing is hidden, attachments that any system can save.
func (m Message) shown() Message {
	m.Subject, m.Text = printable.Line(m.Subject), printable.Text(m.Text)
	m.Attachments = slices.Clone(m.Attachments)
	for i, a := range m.Attachments {
		ending := filepath.Ext(a.Name)
		m.Attachments[i].Name = printable.File(strings.TrimSuffix(a.Name, ending), ending)
	}
	return m
}

// send sends a message once, or a few times where that may help.
func (c *Channel) send(ctx context.Context, w World, m Message) error {
	m = m.shown()
	switch {
	case c.Webhook != nil:
		return c.Webhook.send(ctx, w, m)
	case c.Mail != nil:
		return c.Mail.send(ctx, w, m)
	}
	path := c.File
	if !filepath.IsAbs(path) {
		path = filepath.Join(w.Outputs, path)
	}
	return atomicfile.Write(path, []byte(m.Subject+"\n\n"+m.Text+"\n"))
}

// withoutAddress is a network's error without the address, which may hold a secret.
func withoutAddress(err error) error {
	var at *url.Error
	if errors.As(err, &at) {
		switch {
		case fault.AtProxy(err):
			return errors.New("中継サーバ（プロキシ）に繋がらない")
		case at.Timeout():
			return errors.New("応答がない")
		}
		return at.Err
	}
	return err
}
