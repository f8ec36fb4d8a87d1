package show

import (
	"fmt"
	"io"
	"strings"
	"time"

	"trueup/fetch/plain"
	"trueup/rules"
)

// Explanation writes why each rule gave its verdict for a customer: what was
// read, the expressions with those values, and the waivers looked at.
func Explanation(w io.Writer, e *rules.Explanation) error {
	var b strings.Builder
	c := e.Customer
	fmt.Fprintf(&b, "%s (%s)\n", onItsLine(c.FullName), onItsLine(c.ShortName))
	fmt.Fprintf(&b, "as of %s\n\n", e.AsOf.Format(time.RFC3339))
	if c.Instance != "" {
		fmt.Fprintf(&b, "  %-24s %s\n", "instance", c.Instance)
	}
	for _, v := range c.Fields {
		if v.Name != "Instance" {
			fmt.Fprintf(&b, "  %-24s %s\n", v.Name, v.Text)
		}
	}
	for i := range e.Rules {
		b.WriteByte('\n')
		explainRule(&b, &e.Rules[i])
	}
	_, err := io.WriteString(w, plain.Visible(b.String()))
	return err
}

func explainRule(b *strings.Builder, r *rules.RuleExplanation) {
	fmt.Fprintf(b, "%s (%s)", r.Rule, r.Severity)
	if r.Connection != nil {
		fmt.Fprintf(b, " for SIP connection %s (%s)", onItsLine(r.Connection.Name), onItsLine(r.Connection.Text))
	}
	if !r.Enabled {
		b.WriteString(": off\n")
		return
	}
	fmt.Fprintf(b, ": %s\n", r.Verdict)
	entry(b, "message", r.Message)
	entry(b, "reason", r.Reason)
	if r.Quantity != nil {
		entry(b, "quantity", fmt.Sprint(*r.Quantity))
	}
	if r.Unknown != "" {
		entry(b, "quantity", "unknown: "+r.Unknown)
	}
	for _, v := range r.Read {
		entry(b, "read", v.Name+" = "+v.Text)
	}
	for _, s := range r.Steps {
		explainStep(b, s, s.Key, "")
	}
	for _, waiver := range r.Waivers {
		word := "no"
		if waiver.Applied {
			word = "yes"
		}
		entry(b, "waiver "+waiver.ID, word+": "+waiver.Why)
	}
}

func entry(b *strings.Builder, key, text string) {
	if text != "" {
		fmt.Fprintf(b, "  %-9s %s\n", key, onItsLine(text))
	}
}

// explainStep writes an expression, the same with its values and the result;
// its parts below, further in.
func explainStep(b *strings.Builder, s rules.Step, key, indent string) {
	if key == "needs" {
		entry(b, key, s.Expression+": "+s.Result)
		return
	}
	entry(b, key, indent+s.Expression)
	if s.Filled != s.Expression {
		entry(b, "", indent+"= "+s.Filled)
	}
	entry(b, "", indent+"= "+s.Result)
	for _, part := range s.Parts {
		explainStep(b, part, "", indent+"    ")
	}
}

// onItsLine keeps a text from outside on its line.
func onItsLine(s string) string { return strings.ReplaceAll(s, "\n", `\n`) }
