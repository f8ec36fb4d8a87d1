package show

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"trueup/fetch/plain"
	"trueup/report/app/steps"
	"trueup/report/tables"
)

// maxNamed is how many customers a line names; the JSON has all.
const maxNamed = 10

// Replay writes what other rules would have found, a table for each month.
func Replay(out io.Writer, r *steps.Replay) error {
	w := &strings.Builder{}
	for _, m := range r.Months {
		fmt.Fprintln(w, replayHead(&m))
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0) // without rows it writes nothing
		for _, row := range replayRows(&m) {
			fmt.Fprintln(t, "  "+strings.Join(row, "\t"))
		}
		t.Flush()
		for _, rule := range m.Rules {
			for _, line := range replayNames(&rule) {
				fmt.Fprintln(w, "    "+line)
			}
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, replayEnd(r))
	_, err := io.WriteString(out, plain.Visible(w.String()))
	return err
}

// ReplayMarkdown writes the same for a comment on a change.
func ReplayMarkdown(out io.Writer, r *steps.Replay) error {
	w := &strings.Builder{}
	fmt.Fprintf(w, "## Rules replayed\n\n%s\n", replayEnd(r))
	for _, m := range r.Months {
		fmt.Fprintf(w, "\n### %s\n\n", replayHead(&m))
		for i, row := range replayRows(&m) {
			fmt.Fprintf(w, "| %s |\n", strings.Join(row, " | "))
			if i == 0 {
				fmt.Fprintln(w, "|"+strings.Repeat(" --- |", len(row)))
			}
		}
		for _, rule := range m.Rules {
			for i, line := range replayNames(&rule) {
				if i == 0 {
					fmt.Fprintln(w)
				}
				fmt.Fprintln(w, "- "+plain.Markdown(line, len(line)))
			}
		}
	}
	_, err := io.WriteString(out, plain.Visible(w.String()))
	return err
}

func replayHead(m *steps.ReplayMonth) string {
	change := m.Total.Given.Findings - m.Total.Now.Findings
	text := "as many findings"
	switch {
	case len(m.Rules) == 0:
		text = "no difference"
	case change > 0:
		text = plain.Number(change) + " more " + plain.Noun(change, "finding")
	case change < 0:
		text = plain.Number(-change) + " fewer " + plain.Noun(-change, "finding")
	}
	return fmt.Sprintf("%s, %s: %s", tables.Day(m.AsOf), plain.Counted(m.Customers, "customer"), text)
}

func replayEnd(r *steps.Replay) string {
	if len(r.Months) == 0 {
		return "no earlier snapshot to replay"
	}
	changed := 0
	for _, m := range r.Months {
		if len(m.Rules) > 0 {
			changed++
		}
	}
	return fmt.Sprintf("%s replayed: another result in %d", plain.Counted(len(r.Months), "snapshot"), changed)
}

// replayRows are the table of a month, the header first; none where nothing
// differs. Money has columns only where there are prices.
func replayRows(m *steps.ReplayMonth) [][]string {
	if len(m.Rules) == 0 {
		return nil
	}
	rows := [][]string{{"Rule", "Effective", "Given", "Not evaluable"}}
	if m.Currency != "" {
		rows[0] = append(rows[0], "Exposure", "Unused value")
	}
	add := func(name string, r *steps.ReplayRule) {
		row := []string{name, plain.Number(r.Now.Findings), withChange(r.Given.Findings, r.Now.Findings),
			fromTo(plain.Number(r.Now.NotEvaluable), plain.Number(r.Given.NotEvaluable))}
		if m.Currency != "" {
			row = append(row,
				moneyFromTo(m.Currency, r, func(s *steps.ReplaySums) *string { return s.Exposure }),
				moneyFromTo(m.Currency, r, func(s *steps.ReplaySums) *string { return s.Unused }))
		}
		rows = append(rows, row)
	}
	for i := range m.Rules {
		add(m.Rules[i].ID, &m.Rules[i])
	}
	add("all rules", &m.Total)
	return rows
}

func withChange(now, before int) string {
	if now == before {
		return plain.Number(now)
	}
	return fmt.Sprintf("%s (%+d)", plain.Number(now), now-before)
}

func fromTo(a, b string) string {
	if a == b {
		return a
	}
	return a + " → " + b
}

// moneyFromTo marks sums that leave an unpriced finding out.
func moneyFromTo(currency string, r *steps.ReplayRule, sum func(*steps.ReplaySums) *string) string {
	word := func(s *steps.ReplaySums) string {
		if s.Unpriced > 0 {
			return "≥ " + plain.Group(*sum(s))
		}
		return plain.Group(*sum(s))
	}
	return currency + " " + fromTo(word(&r.Now), word(&r.Given))
}

// replayNames are the customers that come and go, a line each.
func replayNames(r *steps.ReplayRule) (lines []string) {
	for _, part := range []struct {
		word string
		list []steps.ReplayCustomer
	}{{"only by the given rules", r.Came}, {"no longer", r.Gone}} {
		if len(part.list) == 0 {
			continue
		}
		var names []string
		for _, c := range part.list[:min(len(part.list), maxNamed)] {
			names = append(names, plain.Text(c.Name))
		}
		if more := len(part.list) - len(names); more > 0 {
			names = append(names, fmt.Sprintf("%s more", plain.Number(more)))
		}
		lines = append(lines, fmt.Sprintf("%s, %s: %s", r.ID, part.word, strings.Join(names, ", ")))
	}
	return lines
}
