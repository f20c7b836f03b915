package project

import (
	"errors"
	"maps"
	"slices"

	"kyogikai/pipelines/limits"
)

// setLimits puts what the key limits says, a name and a value a line, over the table of limits.
func (s *Settings) setLimits() error {
	s.Limits = limits.Default()
	var wrong []error
	for _, name := range slices.Sorted(maps.Keys(s.Override)) {
		if err := s.Limits.Override(name, s.Override[name]); err != nil {
			wrong = append(wrong, s.Wrong("limits の"+err.Error(), "limits", name))
		}
	}
	return errors.Join(wrong...)
}
