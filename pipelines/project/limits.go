package project

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"kyogikai/pipelines/limits"
)

// overridden is the table of limits with what the settings' key limits says, a name and a value a line.
func overridden(node yaml.Node) (limits.Set, error) {
	set := limits.Default()
	if node.IsZero() || node.Tag == "!!null" {
		return set, nil
	}
	if node.Kind == yaml.AliasNode {
		node = *node.Alias
	}
	if node.Kind != yaml.MappingNode {
		return set, fmt.Errorf("%d行目: limits は「名前: 値」を一行に一つずつ書いてください（例 file: 50MB）", node.Line)
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		name, value := node.Content[i], node.Content[i+1]
		if value.Kind != yaml.ScalarNode || name.Kind != yaml.ScalarNode {
			return set, fmt.Errorf("%d行目: limits の「%s」には値を一つだけ書いてください", name.Line, name.Value)
		}
		if seen[name.Value] {
			return set, fmt.Errorf("%d行目: limits に「%s」が二つあります。一つだけ書いてください", name.Line, name.Value)
		}
		seen[name.Value] = true
		if err := set.Override(name.Value, value.Value); err != nil {
			return set, fmt.Errorf("%d行目: limits の%w", name.Line, err)
		}
	}
	return set, nil
}

// fitSources gives every source its limit on a file: that of the table, or what it states itself where that is lower.
// Whatever it states above it is told.
func (s *Settings) fitSources() (notes []string) {
	most := int(max(s.Limits.File>>20, 1))
	for i := range s.Sources {
		source := &s.Sources[i]
		if source.MaxMegabytes > most {
			file, _ := s.Limits.Of(limits.File)
			notes = append(notes, fmt.Sprintf(
				"収集元「%s」の max_megabytes: %d は、ファイルの大きさの上限（limits の file、%s）より大きいので、%s として扱います。"+
					"上げるには limits の file を書いてください", source.Name, source.MaxMegabytes, file.Limit(), file.Limit(),
			))
		}
		if source.MaxMegabytes == 0 || source.MaxMegabytes > most {
			source.MaxMegabytes = most
		}
	}
	return notes
}
