package show

import "io"

// Problem is a mistake or a warning, for programs.
type Problem struct {
	Text   string `json:"text"`
	Hint   string `json:"hint,omitempty"`
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// CheckJSON writes what checking some rule files gave: how many rules they have
// beside the built-in ones, and what is wrong or hardly meant.
func CheckJSON(w io.Writer, rules int, errors, warnings []Problem) error {
	return JSON(w, struct {
		OK       bool      `json:"ok"`
		Rules    int       `json:"rules"`
		Errors   []Problem `json:"errors"`
		Warnings []Problem `json:"warnings"`
	}{len(errors) == 0, rules, append([]Problem{}, errors...), append([]Problem{}, warnings...)})
}
