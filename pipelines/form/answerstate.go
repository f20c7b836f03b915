package form

import (
	"slices"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/record"
)

// typeState is the type of the rules that the reader adds: columns that say why there is no answer, or none yet.
const typeState = "state"

// stateSuffix makes the name of a field's state of the field's own: actual_state.
const stateSuffix = "_state"

// stateWords is what follows a field's head in the head of its state, the first as the program writes it.
var stateWords = []string{"の回答状況", "回答状況"}

// AnswerStates are the words that a department gives instead of an answer, or beside one that is not final.
var AnswerStates = []string{"該当なし", "集計中", "終了", "取下げ"}

// hasState reports a field whose answer for the year of the survey may be replaced by a state.
func (rule *FieldRule) hasState() bool { return rule.Asked && rule.Scoped && rule.Needed }

// stateRules are the rules of the columns of states, by the words that the fields have now.
func stateRules(fields []FieldRule) []FieldRule {
	var out []FieldRule
	for i := range fields {
		rule := &fields[i]
		if !rule.hasState() {
			continue
		}
		state := FieldRule{Name: rule.Name + stateSuffix, Type: typeState, Scoped: true, title: rule.title + stateWords[0]}
		for _, w := range rule.Words {
			for _, tail := range stateWords {
				state.Words = append(state.Words, record.Normal(w+tail))
			}
		}
		out = append(out, state)
	}
	return out
}

// stateCell reads a state. A mark for nothing states none.
func (t *reader) stateCell(r *record.Record, f record.Field) []record.Field {
	if missingMark(f.Text) && !slices.Contains(AnswerStates, record.Normal(f.Text)) {
		return nil
	}
	f.Value = strings.ReplaceAll(record.Normal(f.Text), "取り下げ", "取下げ")
	if !slices.Contains(AnswerStates, f.Value) {
		t.fail(r, finding.SymbolUnknown, f.Cell, f.Text, strings.Join(AnswerStates, " ")+" または空欄")
	}
	return []record.Field{f}
}

// excused reports that a record says why a field of a year has no answer.
func excused(r *record.Record, field, scope string) bool {
	f, ok := r.Field(field+stateSuffix, scope)
	return ok && slices.Contains(AnswerStates, f.Value)
}
