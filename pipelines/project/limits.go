package project

import (
	"errors"
	"maps"
	"slices"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/printable"
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

// fitSources checks the sources, and gives each its limit on a file: that of the table, or what it states itself where
// that is lower. Whatever it states above it is told.
func (s *Settings) fitSources() error {
	most := int(max(s.Limits.File>>20, 1))
	for i := range s.Sources {
		source := &s.Sources[i]
		if source.MaxMegabytes > most {
			file, _ := s.Limits.Of(limits.File)
			s.Notes = append(s.Notes, printable.Sprintf(
				"収集元「%s」の max_megabytes: %d は、ファイルの大きさの上限（limits の file、%s）より大きいので、%s として扱います。"+
					"上げるには limits の file を書いてください", source.Name, source.MaxMegabytes, file.Limit(), file.Limit(),
			))
		}
		if source.MaxMegabytes == 0 || source.MaxMegabytes > most {
			source.MaxMegabytes = most
		}
	}
	return s.checkSources()
}
