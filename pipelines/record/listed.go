package record

// Listed is a line of 指標.csv or 取組.csv: what a plan contains, whether a department has answered for it or not.
type Listed struct {
	Municipality, Plan  string // Plan is "" where the line states none
	Form, Kind          string // of the records that it is one of
	Bureau, Department  string
	Key                 string // as the records have theirs
	Code, Name          string
	FirstYear, LastYear int // fiscal years in which it is due; 0 where the line states none
	Fields              []Field
	Path, Cell          string // where it is listed
}

// Question is what a form asks of a department every year and has to get.
type Question struct {
	Form, Kind string
	Field      string // "" where a record need only be there
	Title      string // as the form's head says it
	ByYear     bool   // it has a column a year
	Literal    bool   // a text is an answer too
	Unless     string // the field that, where it says in words that there is nothing to reach, is not due; "" for none
	YearInKey  bool   // a record is of one year: that of the survey is asked for
}
