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
	explainUsage(&b, c.Usage)
	for i := range e.Rules {
		b.WriteByte('\n')
		explainRule(&b, &e.Rules[i])
	}
	_, err := io.WriteString(w, plain.Visible(b.String()))
	return err
}

// explainUsage writes the days behind a peak, days alike in one line.
func explainUsage(b *strings.Builder, u *rules.ExplainedUsage) {
	if u == nil {
		return
	}
	word := func(n *int64) string {
		if n == nil {
			return "unknown"
		}
		return plain.Number(*n)
	}
	fmt.Fprintf(b, "\nusage of %s, with data for %d of %d days\n", u.Month, u.Counted, u.InMonth)
	if u.Peak != nil {
		fmt.Fprintf(b, "  %-24s %s on %s\n  %-24s %.1f\n", "peak", word(u.Peak), u.PeakDay, "average", u.Average)
	}
	fmt.Fprintf(b, "  %-24s %s\n", "limit reached", u.Forecast)
	says := func(d rules.UsageDay) string {
		if d.Licensed == nil && d.Acquired == nil {
			return "no data"
		}
		return word(d.Licensed) + " of " + word(d.Acquired)
	}
	for i := 0; i < len(u.Days); {
		last := i
		for last+1 < len(u.Days) && says(u.Days[last+1]) == says(u.Days[i]) {
			last++
		}
		days := u.Days[i].Day
		if last > i {
			days += " to " + u.Days[last].Day[len("2006-01-"):]
		}
		fmt.Fprintf(b, "  %-24s %s\n", days, says(u.Days[i]))
		i = last + 1
	}
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
