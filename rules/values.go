package rules

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"trueup/fetch"
	"trueup/fetch/plain"
)

// Value is a field that a rule read, as people see it.
type Value struct {
	Name string `json:"name"`
	Text string `json:"value"` // JSON-like: 12, "Deployed", null, absent, [2 SIP connections]
}

// values lists what a rule's expressions read of the customer or connection
// loaded, each field once, in the order of reading. What only the text and
// quantity of a finding read is there only for findings.
func (w *worker) values(r *Rule, connection int, v Verdict) []Value {
	if r.Each == EachConnection && connection < 0 {
		return []Value{{"SiteLocation", fieldText(&w.loader.sites)}}
	}
	env := w.loader.env(connection)
	seen := map[string]bool{}
	var values []Value
	for _, name := range r.fieldsRead(v == Finding) {
		path, ok := cellAt(reflect.TypeOf(env).Elem(), name)
		if ok && !seen[name] {
			seen[name] = true
			values = append(values, Value{name, fieldText(cell(env, path))})
		}
	}
	return values
}

// fieldsRead are the names of the cells that a rule looks at, with repeats.
// Fields of connections in a customer's list show as SiteLocation.
func (r *Rule) fieldsRead(finding bool) []string {
	var names []string
	for _, n := range r.program.needs {
		names = append(names, n.name)
	}
	for _, e := range r.program.expressions(finding) {
		for _, read := range e.reads {
			names = append(names, read.path(r.Each))
		}
	}
	return names
}

// expressions are the compiled expressions of a rule in the order they run,
// those for findings last.
func (p *program) expressions(finding bool) []*expression {
	all := []*expression{p.applies, p.when}
	if finding {
		all = append(all, p.quantity)
		for _, part := range p.message {
			all = append(all, part.value)
		}
	}
	var there []*expression
	for _, e := range all {
		if e != nil {
			there = append(there, e)
		}
	}
	return there
}

// fieldText is a field as the lists of values read show it: SiteLocation with
// its entries.
func fieldText(cell any) string {
	if s, ok := cell.(*sites); ok && s.State == fetch.Known {
		return "[" + plain.Counted(len(s.List), "SIP connection") + elements(s) + "]"
	}
	return cellText(cell)
}

// maxShown is how many connections of a list are spelled out.
const maxShown = 20

// elements spells out a list's connections for explanations.
func elements(s *sites) string {
	var b strings.Builder
	for i, c := range s.List {
		if i == maxShown {
			b.WriteString("; …")
			break
		}
		b.WriteString(map[bool]string{true: ": ", false: "; "}[i == 0])
		fmt.Fprintf(&b, "%s %s %s", cellText(c.Name), cellText(c.SbcDeploymentState), cellText(c.SbcConfigurationType))
	}
	return b.String()
}

// cellText is a cell as explanations show it.
func cellText(cell any) string {
	switch stateOf(cell) {
	case fetch.Absent:
		return "absent"
	case fetch.Null:
		return "null"
	case fetch.Unreadable:
		return "unreadable"
	}
	switch c := cell.(type) {
	case *fetch.Count:
		return strconv.FormatInt(c.N, 10)
	case *fetch.Text:
		return strconv.Quote(c.S)
	case *yesNo:
		return strconv.FormatBool(c.B)
	case *sites:
		return "[" + plain.Counted(len(c.List), "SIP connection") + "]"
	}
	return "?"
}
