// Package show writes what commands have to say on standard output: for people
// as text, and for programs where they want it.
package show

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"trueup/fetch/plain"
	"trueup/rules"
)

// JSON writes a value as one indented document.
func JSON[T any](w io.Writer, v T) error {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := io.WriteString(w, plain.VisibleJSON(b.String()))
	return err
}

// table writes aligned columns, the first row being the header.
func table(w io.Writer, rows [][]string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		if _, err := fmt.Fprintln(t, plain.Visible(strings.Join(row, "\t"))); err != nil {
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
	return JSON(w, list)
}

// Fields writes the names that expressions may use.
func Fields(w io.Writer, fields []rules.Field) error {
	rows := [][]string{{"NAME", "OF", "TYPE", "CAN BE NIL", "EXAMPLE", "MEANING"}}
	nullable := map[bool]string{true: "yes", false: "no"}
	for _, f := range fields {
		meaning := f.Meaning
		if f.Derived {
			meaning += " (derived by trueup)"
		}
		rows = append(rows, []string{f.Name, f.Of, f.Type, nullable[f.Nullable], f.Example, meaning})
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
any, all and none go on where an entry cannot be judged: another one may decide. SiteLocation is in the order of the ids.
Functions: %s.
unknown("reason") makes the rule not evaluable with that reason.
`
