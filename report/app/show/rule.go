package show

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"trueup/rules"
)

// Rule writes a rule in full as it takes effect, with what the settings
// changed and where.
func Rule(w io.Writer, r *rules.Rule) error {
	var rows [][]string
	line := func(key, text string) {
		if text != "" {
			rows = append(rows, []string{key, text})
		}
	}
	line("id", r.ID)
	line("title", r.Title)
	line("file", r.Pos.String())
	line("severity", r.Severity.String()+origin(r, "severity"))
	line("state", onOff(r.Enabled)+origin(r, "enabled"))
	line("each", r.Each.String())
	line("needs", strings.Join(r.Needs, ", "))
	line("applies", oneLine(r.Applies))
	line("when", oneLine(r.When))
	line("quantity", r.Quantity)
	if r.Quantity != "" {
		line("money", r.Money.String())
	}
	line("message", r.Message)
	for _, name := range slices.Sorted(maps.Keys(r.Params)) {
		line("params."+name, value(r.Params[name])+origin(r, "params."+name))
	}
	line("why", r.Why)
	line("remediation", r.Remediation)
	line("reference", r.Reference)
	line("tags", strings.Join(r.Tags, ", "))
	line("tests", strconv.Itoa(len(r.Tests)))
	return table(w, rows)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func value(v any) string {
	if s, ok := v.(string); ok {
		return strconv.Quote(s)
	}
	return fmt.Sprint(v)
}

// origin says where an overridden value comes from, and what it replaces.
func origin(r *rules.Rule, name string) string {
	o, ok := r.Overridden[name]
	if !ok {
		return ""
	}
	own := value(o.Own)
	switch on := o.Own.(type) {
	case bool:
		if name == "enabled" {
			own = onOff(on)
		}
	case string:
		if name == "severity" {
			own = on
		}
	}
	from := "the settings"
	if o.From.File != "" {
		from = o.From.String()
	}
	return fmt.Sprintf("  (from %s; the rule says %s)", from, own)
}

type shown struct {
	listed
	Needs       []string       `json:"needs,omitempty"`
	Applies     string         `json:"applies,omitempty"`
	When        string         `json:"when"`
	Quantity    string         `json:"quantity,omitempty"`
	Money       string         `json:"money,omitempty"`
	Message     string         `json:"message"`
	Params      map[string]any `json:"params,omitempty"`
	Why         string         `json:"why,omitempty"`
	Remediation string         `json:"remediation,omitempty"`
	Reference   string         `json:"reference,omitempty"`
	Tags        []string       `json:"tags,omitempty"`
	Tests       int            `json:"tests"`
	Overridden  []override     `json:"overridden,omitempty"`
}

type override struct {
	Name string `json:"name"`
	Own  any    `json:"own"`  // what the rule's file says
	From string `json:"from"` // place in the settings
}

// RuleJSON writes the same as a JSON object.
func RuleJSON(w io.Writer, r *rules.Rule) error {
	s := shown{
		listed: listedOf(r), Needs: r.Needs, Applies: r.Applies, When: r.When, Quantity: r.Quantity,
		Message: r.Message, Params: r.Params, Why: r.Why, Remediation: r.Remediation, Reference: r.Reference,
		Tags: r.Tags, Tests: len(r.Tests),
	}
	if r.Quantity != "" {
		s.Money = r.Money.String()
	}
	for _, name := range slices.Sorted(maps.Keys(r.Overridden)) {
		s.Overridden = append(s.Overridden, override{name, r.Overridden[name].Own, r.Overridden[name].From.String()})
	}
	return JSON(w, s)
}
