package project

import (
	"slices"
	"strings"

	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/record"
)

// Strangers tells of the municipalities that the settings name and of which inputs has nothing, one sentence each, with its
// line: what the settings say of them holds for nobody, and those that are meant go without.
func (s Settings) Strangers(municipalities []string) []string {
	if s.Embedded {
		return nil
	}
	type stranger struct {
		place []any
		named []string
	}
	all := map[string]*stranger{}
	var order []string
	name := func(city, as string, place ...any) {
		if city == "" || slices.Contains(municipalities, city) {
			return
		}
		if all[city] == nil {
			all[city] = &stranger{place: place}
			order = append(order, city)
		}
		all[city].named = append(all[city].named, as)
	}
	for i, p := range s.Plans {
		name(p.Municipality, printable.Sprintf("計画「%s」", p.Name), "plans", i, "municipality")
	}
	for _, city := range sortedKeys(s.NegativeSigns) {
		name(city, "negative_signs", "negative_signs", city)
	}
	for i, source := range s.Sources {
		name(source.Municipality, printable.Sprintf("収集元「%s」", source.Name), "sources", i, "municipality")
	}
	var out []string
	for _, city := range order {
		says := printable.Sprintf("自治体「%s」のものが inputs に一つもありません", city)
		if near := record.Nearest(city, municipalities); near != "" {
			says += printable.Sprintf("（「%s」ではありませんか）", near)
		}
		says += "。" + strings.Join(all[city].named, "、") + "の設定は、どの調査票にも使われていません。自治体の名前を、inputs のフォルダと同じにしてください"
		out = append(out, s.Wrong(says, all[city].place...).Error())
	}
	return out
}
