package warehouse

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Question is one statement that only reads, as the database's own parser has read it. What a session answers is the
// very text that was checked; whether the database takes it for such a statement, Ask looks once more before it runs.
type Question struct {
	text     string
	explains bool
}

// Refusal is why a text is no question.
type Refusal int

// Why a text is no question.
const (
	RefusedSyntax    Refusal = iota // it cannot be parsed
	RefusedCharacter                // it holds a character that the database takes for its end
	RefusedEmpty                    // there is no statement in it
	RefusedSeveral                  // there are several
	RefusedStatement                // it does more than to read
	RefusedFunction                 // it calls a function that does more than to compute
	RefusedOutside                  // it calls a function that reads what is outside of the database
)

// RefusedError says why a text is no question.
type RefusedError struct {
	Why   Refusal
	Says  string // what the parser says of the syntax
	Names string // the function
	At    int    // the byte of the text that it is about, -1 where that is not known
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("not a question: %d %s %s", e.Why, e.Names, e.Says)
}

// Question checks that a text is one statement that only reads. Its errors are *RefusedErrors.
func (s *Session) Question(ctx context.Context, text string) (Question, error) {
	if i := strings.IndexByte(text, 0); i >= 0 {
		return Question{}, &RefusedError{Why: RefusedCharacter, At: i}
	}
	_, err := s.tree(ctx, text)
	var refused *RefusedError
	if errors.As(err, &refused) && refused.Why == RefusedStatement {
		if e, ok := explained(text); ok {
			return s.explain(ctx, e)
		}
	}
	return Question{text: text}, err
}

// explain checks what an EXPLAIN is about. EXPLAIN runs it where it says ANALYZE, and so it has to be a question
// itself. What runs is put together anew from the words that were understood and the text that was checked.
func (s *Session) explain(ctx context.Context, e explanation) (Question, error) {
	_, err := s.tree(ctx, e.about)
	var refused *RefusedError
	if errors.As(err, &refused) && refused.At >= 0 {
		refused.At += e.at
	}
	return Question{text: e.head + "\n" + e.about, explains: true}, err
}

// tree is the syntax tree of a statement that only reads, as the database writes it.
func (s *Session) tree(ctx context.Context, text string) (json.RawMessage, error) {
	r, err := s.Reader().Query(ctx, "SELECT json_serialize_sql($query::VARCHAR)::VARCHAR", Named("query", text))
	if err != nil {
		return nil, fmt.Errorf("reading the syntax tree of a query: %w", err)
	}
	var tree struct {
		Error      bool              `json:"error"`
		Message    string            `json:"error_message"`
		Type       string            `json:"error_type"`
		Position   string            `json:"position"`
		Statements []json.RawMessage `json:"statements"`
	}
	serialized, _ := r.Rows[0][0].(string)
	if err := json.Unmarshal([]byte(serialized), &tree); err != nil {
		return nil, fmt.Errorf("reading the syntax tree of a query: %w", err)
	}
	switch {
	case tree.Error && tree.Type == "parser":
		return nil, &RefusedError{Why: RefusedSyntax, Says: tree.Message, At: byteOf(text, tree.Position)}
	case tree.Error:
		return nil, &RefusedError{Why: RefusedStatement, At: -1}
	case len(tree.Statements) == 0:
		return nil, &RefusedError{Why: RefusedEmpty, At: -1}
	case len(tree.Statements) > 1:
		return nil, &RefusedError{Why: RefusedSeveral, At: -1}
	}
	return tree.Statements[0], s.harmless(ctx, tree.Statements[0])
}

// byteOf is the byte at which a character of a text stands: the parser counts characters. -1 where there is none.
func byteOf(text, character string) int {
	n, err := strconv.Atoi(character)
	if runes := []rune(text); err == nil && n >= 0 && n <= len(runes) {
		return len(string(runes[:n]))
	}
	return -1
}

// harmless refuses a statement that calls a function which does more than to compute.
func (s *Session) harmless(ctx context.Context, tree json.RawMessage) error {
	calls, err := called(tree)
	if err != nil {
		return err
	}
	for _, c := range calls {
		switch name := strings.ToLower(c.name); {
		case acts.MatchString(name):
			return &RefusedError{Why: RefusedFunction, Names: c.name, At: -1}
		case !c.asTable || tables.MatchString(name):
		case outside.MatchString(name):
			return &RefusedError{Why: RefusedOutside, Names: c.name, At: -1}
		default:
			own, err := s.ownTable(ctx, name)
			if err != nil {
				return err
			}
			if !own {
				return &RefusedError{Why: RefusedFunction, Names: c.name, At: -1}
			}
		}
	}
	return nil
}

var (
	// acts are functions that set how the database logs, write its file, run a text as a query, or tell secrets.
	acts = regexp.MustCompile(`^(.*logging.*|write_log|.*checkpoint.*|query|json_execute_serialized_sql|` +
		`json_serialize_plan|set_config|add_parquet_key|pragma_.*|.*_secrets?|enable_.*|disable_.*|.*profil.*|truncate_.*|` +
		`import_database|copy_database)$`)
	// tables are the functions of the database itself that may stand in FROM: they compute, or tell of its own tables.
	tables = regexp.MustCompile(`^(range|generate_series|unnest|repeat|repeat_row|json_each|json_tree|summary|` +
		`query_table|histogram|histogram_values|icu_calendar_names|pg_timezone_names|test_all_types|` +
		`duckdb_(approx_database_count|columns|connection_count|constraints|databases|dependencies|extensions|functions|` +
		`indexes|keywords|memory|optimizers|schemas|sequences|settings|tables|temporary_files|types|variables|views))$`)
	// outside are those that read files.
	outside = regexp.MustCompile(`^(read_.*|glob|sniff_csv|parquet_.*)$`)
)

// ownTable reports whether a name is that of a macro of the published file that gives a table, and of nothing else.
func (s *Session) ownTable(ctx context.Context, name string) (bool, error) {
	r, err := s.Reader().Query(ctx, `SELECT count(*) > 0 AND bool_and(NOT internal AND function_type = 'table_macro')
		FROM duckdb_functions() WHERE lower(function_name) = $name`, Named("name", name))
	if err != nil {
		return false, fmt.Errorf("looking for a macro: %w", err)
	}
	own, _ := r.Rows[0][0].(bool)
	return own, nil
}

// call is a function that a statement calls.
type call struct {
	name    string
	asTable bool // in FROM
}

// called are the functions that a syntax tree calls, each once.
func called(tree json.RawMessage) ([]call, error) {
	var out []call
	d := json.NewDecoder(bytes.NewReader(tree))
	d.UseNumber()
	first, err := d.Token()
	if err == nil {
		err = eachCall(d, first, false, func(c call) {
			if !slices.Contains(out, c) {
				out = append(out, c)
			}
		})
	}
	if err != nil {
		return nil, fmt.Errorf("reading the syntax tree of a query: %w", err)
	}
	return out, nil
}

// eachCall reads the rest of a value of a syntax tree, of which the first token has been read, and calls f for the
// functions in it. The whole tree may be too large to be kept.
func eachCall(d *json.Decoder, first json.Token, asTable bool, f func(call)) error {
	open, nested := first.(json.Delim)
	if !nested {
		return nil
	}
	isTable := false // the type of a node stands before what it is made of
	for d.More() {
		var key json.Token
		var err error
		if open == '{' {
			if key, err = d.Token(); err != nil {
				return err
			}
		}
		value, err := d.Token()
		if err != nil {
			return err
		}
		switch text, isText := value.(string); {
		case isText && key == "function_name":
			f(call{text, asTable})
		case isText && key == "type":
			isTable = text == "TABLE_FUNCTION"
		}
		if err := eachCall(d, value, isTable && key == "function", f); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}
