package cli

import (
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/yamlfile"
)

// flagMistakes are what the library says of flags, and what that is in Japanese.
var flagMistakes = []struct {
	says  *regexp.Regexp
	means string
}{
	{regexp.MustCompile(`^unknown flag: (--\S+)$`), "${1} という指定はありません"},
	{regexp.MustCompile(`^unknown shorthand flag: '(.)' in \S+$`), "-${1} という指定はありません"},
	{regexp.MustCompile(`^flag needs an argument: (--\S+)$`), "${1} の値がありません"},
	{regexp.MustCompile(`^flag needs an argument: '(.)' in \S+$`), "-${1} の値がありません"},
	{regexp.MustCompile(`(?s)^invalid argument "(.*)" for "(?:-\w, )?(--\S+)" flag: .*$`), "${2} に「${1}」は使えません"},
	{regexp.MustCompile(`^bad flag syntax: (\S+)$`), "「${1}」は指定の書き方ではありません"},
}

// flagMistake is a mistake in a flag, in words for whoever typed it.
func flagMistake(c *cobra.Command, text string) string {
	for _, f := range flagMistakes {
		if f.says.MatchString(text) {
			return f.says.ReplaceAllString(text, f.means) + nearFlags(c, text)
		}
	}
	return "指定を読めません（" + text + "）"
}

// below are the verbs of verbs: new meeting.
func below(root *cobra.Command) []*cobra.Command {
	var out []*cobra.Command
	for _, c := range root.Commands() {
		out = append(out, c.Commands()...)
	}
	return out
}

var flagNames = regexp.MustCompile(`(?m)^ +(?:-\w, )?--([a-z-]+)`)

var unknownFlag = regexp.MustCompile(`^unknown flag: --([^=\s]+)`)

// nearFlags offers the flag of a verb that is spelt nearly as one that it does not have.
func nearFlags(c *cobra.Command, text string) string {
	m := unknownFlag.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	var names []string
	for _, f := range flagNames.FindAllStringSubmatch(c.Flags().FlagUsages()+c.InheritedFlags().FlagUsages(), -1) {
		names = append(names, f[1])
	}
	near := yamlfile.Nearest(m[1], names)
	if near == "" {
		for _, name := range names {
			if strings.HasPrefix(name, m[1]) || strings.HasPrefix(m[1], name) {
				near = name
			}
		}
	}
	if near == "" {
		return ""
	}
	return "（近いもの: --" + near + "）"
}

// unknownCommandForm is the library's own complaint, which has no type.
var unknownCommandForm = regexp.MustCompile(`^unknown command "([^"]*)"`)

func unknownCommand(err error) bool { return unknownCommandForm.MatchString(err.Error()) }

// commandMistake names a verb that does not exist, and those that are spelt nearly so.
func commandMistake(root *cobra.Command, err error) string {
	name := unknownCommandForm.FindStringSubmatch(err.Error())[1]
	says := "「" + name + "」という命令はありません"
	if near := root.SuggestionsFor(name); len(near) > 0 {
		says += "（近いもの: " + strings.Join(near, "、") + "）"
	}
	return says
}
