package collect

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"kyogikai/pipelines/fiscal"
)

// Source is one place that departments put their files: kyogikai.yaml, sources. Exactly one of Directory, HTTP and
// Rclone is set.
type Source struct {
	Name    string `yaml:"name"`
	Pattern string `yaml:"pattern"` // how a file's path at the source says whose it is: {年度}/{部}/{課}/{ファイル}

	// What the pattern does not say. A department without a bureau gets it from 組織.csv.
	Municipality string `yaml:"municipality"`
	Year         string `yaml:"year"`
	Bureau       string `yaml:"bureau"`
	Department   string `yaml:"department"`

	Directory string `yaml:"directory"`

	HTTP        string    `yaml:"http"`     // a listing, with / at its end, or the base of files
	Files       []WebFile `yaml:"files"`    // where the server lists nothing
	UserEnv     string    `yaml:"user_env"` // names of environment variables: no secret stands in a file
	PasswordEnv string    `yaml:"password_env"`
	TokenEnv    string    `yaml:"token_env"`

	Rclone       string `yaml:"rclone"` // remote:path
	RcloneConfig string `yaml:"rclone_config"`

	MaxMegabytes int `yaml:"max_megabytes"` // of one file; 100 where it is not set

	// How long the source may take, one of its files, and nothing at all: an hour, ten minutes and half a minute where they
	// are not set
	MaxSeconds     int `yaml:"max_seconds"`
	MaxFileSeconds int `yaml:"max_file_seconds"`
	IdleSeconds    int `yaml:"idle_seconds"`

	place place
}

// What must come in a second, in bytes: of a mounted share, of a server.
const (
	leastOfShare  = 32 << 10
	leastOfServer = 1 << 10
)

func (s *Source) limit() int64 { return int64(s.MaxMegabytes) << 20 }

func (s *Source) tooLarge() string {
	return fmt.Sprintf("%d MBを超えています。不要な書式や行を削除して、小さくしてください。", s.MaxMegabytes)
}

func (s *Source) longest() time.Duration     { return time.Duration(s.MaxSeconds) * time.Second }
func (s *Source) longestFile() time.Duration { return time.Duration(s.MaxFileSeconds) * time.Second }
func (s *Source) idle() time.Duration        { return time.Duration(s.IdleSeconds) * time.Second }

// pace is that of a file of the source.
func (s *Source) pace(leastInSecond int64) Pace {
	return Pace{s.idle(), leastInSecond * int64(s.IdleSeconds)}
}

// writing is how long it may take to put a file into the inputs.
func (s *Source) writing() Pace { return Pace{s.longestFile(), 1} }

// WebFile is one file of an HTTP source that lists nothing. Path is what the pattern reads; the end of URL where it is
// empty.
type WebFile struct {
	URL  string `yaml:"url"`
	Path string `yaml:"path"`
}

const (
	defaultMaxMegabytes   = 100
	defaultMaxSeconds     = 60 * 60
	defaultMaxFileSeconds = 10 * 60
	defaultIdleSeconds    = 30
)

// Check completes the settings of sources and says what is wrong with them, in words for whoever wrote them.
func Check(sources []Source) error {
	seen := map[string]bool{}
	for i := range sources {
		s := &sources[i]
		if s.Name == "" || seen[s.Name] {
			return fmt.Errorf("sources の%d番目: name（収集元の名前）がないか、ほかと同じです", i+1)
		}
		seen[s.Name] = true
		if err := s.check(); err != nil {
			return fmt.Errorf("sources「%s」: %w", s.Name, err)
		}
	}
	return nil
}

func (s *Source) check() error {
	kinds := 0
	for _, kind := range []string{s.Directory, s.HTTP, s.Rclone} {
		if kind != "" {
			kinds++
		}
	}
	if kinds != 1 {
		return fmt.Errorf("directory、http、rclone のうち一つだけを書いてください")
	}
	if s.Pattern == "" {
		return fmt.Errorf("pattern（置き場所の読み方。例: {年度}/{部}/{課}/{ファイル}）を書いてください")
	}
	for _, limit := range []struct {
		name  string
		value *int
		usual int
	}{
		{"max_megabytes", &s.MaxMegabytes, defaultMaxMegabytes}, {"max_seconds", &s.MaxSeconds, defaultMaxSeconds},
		{"max_file_seconds", &s.MaxFileSeconds, defaultMaxFileSeconds}, {"idle_seconds", &s.IdleSeconds, defaultIdleSeconds},
	} {
		if *limit.value == 0 {
			*limit.value = limit.usual
		}
		if *limit.value < 0 {
			return fmt.Errorf("%s は1以上にしてください", limit.name)
		}
	}
	if s.Year != "" {
		if _, ok := year(s.Year); !ok {
			return fmt.Errorf("year「%s」を年度として読めません（例: 令和6年度）", s.Year)
		}
	}
	if err := s.checkWeb(); err != nil {
		return err
	}
	if remote, _, found := strings.Cut(
		s.Rclone, ":",
	); s.Rclone != "" && (!found || remote == "" || strings.HasPrefix(remote, "-") || strings.ContainsAny(remote, ",=")) {
		return fmt.Errorf("rclone は「リモート名:フォルダ」と書いてください（リモートは rclone config で作ります。接続の設定やパスワードは、ここに書けません）")
	}
	var err error
	s.place, err = newPlace(s)
	return err
}

func (s *Source) checkWeb() error {
	if s.HTTP == "" {
		if len(s.Files) > 0 || s.UserEnv != "" || s.PasswordEnv != "" || s.TokenEnv != "" {
			return fmt.Errorf("files、user_env、password_env、token_env は http の収集元だけに書けます")
		}
		return nil
	}
	u, err := url.Parse(s.HTTP)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return fmt.Errorf("http「%s」は https://… の形で書いてください", s.HTTP)
	case u.User != nil:
		return fmt.Errorf("http にパスワードを書かず、user_env と password_env に環境変数の名前を書いてください")
	case (s.UserEnv == "") != (s.PasswordEnv == ""):
		return fmt.Errorf("user_env と password_env は両方を書いてください")
	case s.UserEnv != "" && s.TokenEnv != "":
		return fmt.Errorf("user_env と token_env は、どちらか一つにしてください")
	case len(s.Files) == 0 && !strings.HasSuffix(u.Path, "/"):
		return fmt.Errorf("http「%s」の終わりに / を付けるか、files にファイルを並べてください", s.HTTP)
	}
	for _, f := range s.Files {
		if _, err := u.Parse(f.URL); f.URL == "" || err != nil {
			return fmt.Errorf("files の url「%s」を読めません", f.URL)
		}
	}
	return nil
}

// year reads a fiscal year as folders name it: 令和6年度, R6, 2024年度, and 2024 alone.
func year(s string) (int, bool) {
	if y, ok := fiscal.ParseYear(s); ok {
		return y, true
	}
	return fiscal.ParseYear(s + "年度")
}
