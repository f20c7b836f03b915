package reading

import (
	"sync"

	"kyogikai/pipelines/form"
)

// cityForms are the forms by which each municipality's workbooks are read: the project's, with the words of its 語彙.csv
// where it has one.
type cityForms struct {
	common []form.Form

	mu  sync.Mutex
	own map[string][]form.Form // of the municipalities with words that are not read yet
}

// newCityForms adds each municipality's words to forms. A line that means nothing, or two things, is an error.
func newCityForms(common []form.Form, words []form.Word) (*cityForms, error) {
	f := &cityForms{common: common, own: map[string][]form.Form{}}
	by := map[string][]form.Word{}
	var cities []string
	for _, w := range words {
		if by[w.Municipality] == nil {
			cities = append(cities, w.Municipality)
		}
		by[w.Municipality] = append(by[w.Municipality], w)
	}
	for _, city := range cities {
		own, err := form.WithWords(common, by[city])
		if err != nil {
			return nil, err
		}
		f.own[city] = own
	}
	return f, nil
}

// of are the forms of a municipality.
func (f *cityForms) of(city string) []form.Form {
	f.mu.Lock()
	defer f.mu.Unlock()
	if own, ok := f.own[city]; ok {
		return own
	}
	return f.common
}

// done forgets what only a municipality needed that is read: its forms remember the heads that they have met.
func (f *cityForms) done(city string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.own, city)
}
