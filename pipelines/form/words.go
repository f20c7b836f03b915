package form

import "slices"

// contains reports whether a normalised text is one of a form's words.
func contains(words []string, text string) bool { return text != "" && slices.Contains(words, text) }
