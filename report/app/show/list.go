// Package show writes what is known about rules for people and programs:
// lists, whole rules, field names, test outcomes and explanations.
package show

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"trueup/rules"
)

// writeJSON writes one indented document.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// table writes aligned columns, the first row being the header.
func table(w io.Writer, rows [][]string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		if _, err := fmt.Fprintln(t, strings.Join(row, "\t")); err != nil {
			return err
		}
	}
	return t.Flush()
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// List writes one line a rule.
func List(w io.Writer, set *rules.Set) error {
	rows := [][]string{{"ID", "SEVERITY", "EACH", "STATE", "SOURCE", "TITLE"}}
	for _, r := range set.Rules {
		rows = append(rows, []string{r.ID, r.Severity.String(), r.Each.String(), onOff(r.Enabled), r.Pos.File, r.Title})
	}
	return table(w, rows)
}

type listed struct {
	ID       string `json:"id"`
	Severity string `json:"severity"`
	Each     string `json:"each"`
	Enabled  bool   `json:"enabled"`
	Builtin  bool   `json:"builtin"`
	Source   string `json:"source"`
	Line     int    `json:"line"`
	Title    string `json:"title"`
}

func listedOf(r *rules.Rule) listed {
	return listed{r.ID, r.Severity.String(), r.Each.String(), r.Enabled, r.Builtin, r.Pos.File, r.Pos.Line, r.Title}
}

// ListJSON writes the same as a JSON array.
func ListJSON(w io.Writer, set *rules.Set) error {
	list := make([]listed, len(set.Rules))
	for i, r := range set.Rules {
		list[i] = listedOf(r)
	}
	return writeJSON(w, list)
}

// Fields writes the names that expressions may use.
func Fields(w io.Writer) error {
	rows := [][]string{{"NAME", "OF", "TYPE", "CAN BE NIL", "EXAMPLE", "MEANING"}}
	for _, f := range rules.Fields() {
		meaning := f.Meaning
		if f.Derived {
			meaning += " (derived by trueup)"
		}
		rows = append(rows, []string{f.Name, f.Of, f.Type, yesNo(f.Nullable), f.Example, meaning})
	}
	if err := table(w, rows); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, fieldNotes, strings.Join(rules.Functions(), ", "))
	return err
}

const fieldNotes = `
In a rule with each: sipConnection the owner's fields are written customer.NAME. Parameters are params.NAME.
null is nil: it equals nothing but nil, and whatever else needs its value makes the rule not evaluable.
Comparing two fields needs both values. FIELD ?? VALUE takes the value for null.
Functions: %s.
unknown("reason") makes the rule not evaluable with that reason.
`

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// FieldsJSON writes the same as a JSON array.
func FieldsJSON(w io.Writer) error { return writeJSON(w, rules.Fields()) }
