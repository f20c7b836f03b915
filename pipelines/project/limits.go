package project

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/printable"
)

// overridden is the table of limits with what the settings' key limits says, a name and a value a line.
func (s Settings) overridden() (limits.Set, error) {
	set, node := limits.Default(), s.Override
	if node.IsZero() || node.Tag == "!!null" {
		return set, nil
	}
	if node.Kind == yaml.AliasNode {
		node = *node.Alias
	}
	if node.Kind != yaml.MappingNode {
		return set, s.Wrong("limits は「名前: 値」を一行に一つずつ書いてください（例 file: 50MB）", "limits")
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		name, value := node.Content[i], node.Content[i+1]
		if value.Kind != yaml.ScalarNode || name.Kind != yaml.ScalarNode {
			return set, s.Wrong(printable.Sprintf("limits の「%s」には値を一つだけ書いてください", name.Value), "limits", name.Value)
		}
		if err := set.Override(name.Value, value.Value); err != nil {
			return set, s.Wrong(fmt.Sprintf("limits の%v", err), "limits", name.Value)
		}
	}
	return set, nil
}
