package collect

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
)

// folders is a walk through a server's folders.
type folders struct {
	web   *web
	again func(context.Context, func() error) error
	seen  map[string]bool
	dead  int // folders in a row for which nobody answered
	out   listing
}

func (w *web) list(ctx context.Context, again func(context.Context, func() error) error) (listing, error) {
	if len(w.source.Files) > 0 {
		return w.named()
	}
	l := &folders{web: w, again: again, seen: map[string]bool{}}
	err := l.folder(ctx, w.base, 0)
	return l.out, err
}

// named are the files that the settings name.
func (w *web) named() (listing, error) {
	var out listing
	for _, f := range w.source.Files {
		at, err := w.base.Parse(f.URL)
		if err != nil {
			return out, failure{text: "files の url「" + f.URL + "」を読めません。設定を直してください。"}
		}
		name := strings.Trim(f.Path, "/")
		if name == "" {
			name = strings.TrimPrefix(at.Path, w.base.Path)
		}
		out.files = append(out.files, remote{name: strings.TrimPrefix(name, "/"), size: -1, address: at.String()})
	}
	return out, nil
}

// folder lists one folder. Its error is that of the source as a whole: of its first folder, of a server that no longer
// answers, of one with too much.
func (l *folders) folder(ctx context.Context, at *url.URL, depth int) error {
	if l.seen[at.Path] {
		return nil
	}
	l.seen[at.Path] = true
	if len(l.seen)+len(l.out.files) > maxEntries {
		return failure{text: at.Host + at.Path + " のフォルダが多すぎます。http の場所を、調査票のフォルダに絞ってください。"}
	}
	name := strings.Trim(strings.TrimPrefix(at.Path, l.web.base.Path), "/")
	var links []*url.URL
	err := l.again(ctx, func() (err error) {
		if depth > maxDepth {
			return failure{text: at.Host + at.Path + " のフォルダが深すぎます。http の場所を、調査票のフォルダに絞ってください。"}
		}
		links, err = l.web.page(ctx, at)
		return err
	})
	var why failure
	switch {
	case err == nil:
		l.dead = 0
	case !errors.As(err, &why) || depth == 0:
		return err
	default:
		if l.dead++; !why.dead {
			l.dead = 0
		}
		if l.dead >= deadsInRow {
			return err
		}
		l.out.failed = append(l.out.failed, unseen{name, why.text})
		return nil
	}
	l.out.folders = append(l.out.folders, name)
	for _, to := range links {
		if strings.HasSuffix(to.Path, "/") {
			if err := l.folder(ctx, to, depth+1); err != nil {
				return err
			}
			continue
		}
		if !l.seen[to.Path] {
			l.seen[to.Path] = true
			l.out.files = append(l.out.files, remote{
				name: strings.TrimPrefix(to.Path, l.web.base.Path), size: -1, address: to.String(),
			})
		}
	}
	return nil
}

// page asks for a folder and reads from its page what is in it. A page that is none of a folder – a login, an error, a
// page that was cut – is a failure: what is not on it need not have been removed.
func (w *web) page(ctx context.Context, at *url.URL) ([]*url.URL, error) {
	where := at.Host + at.Path
	a, err := w.fetch(ctx, at, nil, maxListing, where+" の一覧")
	if errors.Is(err, errTooLarge) {
		return nil, failure{text: where + " の一覧が大きすぎます。http の場所を、調査票のフォルダに絞ってください。"}
	}
	if err != nil {
		return nil, err
	}
	from := a.Request.URL
	if strings.TrimSuffix(from.Path, "/") != strings.TrimSuffix(at.Path, "/") &&
		(from.Host != at.Host || !strings.HasPrefix(from.Path, at.Path)) {
		return nil, failure{text: fmt.Sprintf("%s を開くと、別の場所（%s）に移されます。ログインが要るなら利用者名かトークンを設定し、場所が変わったなら http を直してください。",
			where, from.Host+from.Path)}
	}
	p := readPage(a.Header.Get("Content-Type"), a.data)
	var out []*url.URL
	for _, link := range p.links {
		to, err := from.Parse(link)
		if err != nil || to.Host != from.Host {
			continue
		}
		if to.Path == from.Path && to.RawQuery != "" || to.Path == path.Dir(strings.TrimSuffix(from.Path, "/"))+"/" {
			p.listing = true // to sort the list, or to the folder above
		}
		if to.RawQuery == "" && strings.HasPrefix(to.Path, from.Path) && to.Path != from.Path {
			to.Fragment = ""
			out = append(out, to)
		}
	}
	switch {
	case p.login:
		return nil, failure{text: where + " が、ファイルの一覧でなくログインの画面を返しました。利用者名かトークンを設定するか、期限が切れていないか確かめてください。"}
	case p.cut:
		return nil, failure{text: where + " の一覧が途中で切れています。ネットワークとサーバの具合を確かめてください。", soon: true}
	case p.foreign, len(out) == 0 && !p.listing:
		return nil, failure{text: where + " はファイルの一覧ではありません。場所を確かめるか、files にファイルを並べてください。"}
	}
	return out, nil
}
