package collect

import (
	"encoding/json"
	"mime"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// page is what the listing of a web server's folder holds, or a page that is none.
type page struct {
	links   []string
	listing bool // it says that it lists a folder, be it an empty one
	foreign bool // of a kind that lists nothing
	login   bool // it asks for a password
	cut     bool // its end is missing
}

// readPage reads the links of a page, or the entries of nginx's JSON, or a list of names.
func readPage(contentType string, data []byte) page {
	switch kind, _, _ := mime.ParseMediaType(contentType); kind {
	case "application/json":
		return readNames(data)
	case "text/html", "application/xhtml+xml":
		return readHTML(string(data))
	}
	return page{foreign: true}
}

// readNames reads a list in JSON. One of anything but files and folders is none.
func readNames(data []byte) page {
	var entries []struct {
		Name string `json:"name"`
		Type string `json:"type"`
	}
	var names []string
	if json.Unmarshal(data, &names) == nil && names != nil {
		for _, n := range names {
			entries = append(entries, struct {
				Name string `json:"name"`
				Type string `json:"type"`
			}{Name: n})
		}
	} else if json.Unmarshal(data, &entries) != nil || entries == nil {
		return page{foreign: true}
	}
	p := page{listing: true}
	for _, e := range entries {
		if e.Name == "" {
			return page{foreign: true}
		}
		name := (&url.URL{Path: e.Name}).EscapedPath()
		if e.Type == "directory" && !strings.HasSuffix(name, "/") {
			name += "/"
		}
		p.links = append(p.links, "./"+name)
	}
	return p
}

// listingTitle is how servers begin the listing of a folder, be it an empty one.
var listingTitle = regexp.MustCompile(`(?i)index of|directory listing|parent directory`)

// paired are the elements of a listing that are closed where the page is whole: each of them, or the last alone where
// pages are put together of several.
var paired = map[string]bool{"html": false, "body": false, "table": true, "pre": true, "ul": true, "ol": true, "a": true}

// lively are elements that no listing has: what has them shows something else.
var lively = []string{"script", "form", "iframe", "frame", "object"}

func readHTML(text string) page {
	var p page
	open, shut := map[string]int{}, map[string]int{}
	var said strings.Builder
	plain, silent := strings.TrimSpace(text) != "", ""
	z := html.NewTokenizer(strings.NewReader(text))
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		token := z.Token()
		switch kind {
		case html.TextToken:
			if silent == "" {
				said.WriteString(token.Data)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			p.element(token)
			plain = plain && !slices.Contains(lively, token.Data)
			if kind == html.StartTagToken {
				open[token.Data]++
			}
			if token.Data == "script" || token.Data == "style" || token.Data == "title" && kind == html.StartTagToken {
				silent = token.Data
			}
		case html.EndTagToken:
			shut[token.Data]++
			if token.Data == silent {
				silent = ""
			}
		}
	}
	for name, each := range paired {
		p.cut = p.cut || open[name] > shut[name] && (each || shut[name] == 0)
	}
	p.cut = p.cut || strings.LastIndex(text, "<") > strings.LastIndex(text, ">")
	visible := strings.TrimSpace(said.String())
	p.listing = plain && (visible == "" || listingTitle.MatchString(visible))
	return p
}

// element takes from an element what it links to, or asks for.
func (p *page) element(t html.Token) {
	for _, a := range t.Attr {
		switch {
		case t.Data == "a" && a.Key == "href":
			p.links = append(p.links, a.Val)
		case t.Data == "input" && a.Key == "type" && strings.EqualFold(strings.TrimSpace(a.Val), "password"):
			p.login = true
		}
	}
}
