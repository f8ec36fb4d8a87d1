package tables

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"trueup/report"
	"trueup/report/cell"
	"trueup/rules"
)

// Briefing is what a mail says of a report, in the form that the manifest has.
type Briefing struct {
	Headline string  `json:"headline,omitempty"`
	Subject  string  `json:"subject,omitempty"` // the headline's short form
	Largest  []Todo  `json:"largest,omitempty"`
	Found    []Found `json:"found,omitempty"` // rules with open findings, by severity, then amount
}

// Todo is what is to be done about one customer.
type Todo struct {
	Customer string `json:"customer"`
	Amount   string `json:"amount,omitempty"` // a month, with what it counts as; "" if unknown or not about licenses
	What     string `json:"what"`             // the finding that counts most
	Do       string `json:"do,omitempty"`
}

// Found is what one rule found.
type Found struct {
	Name     string `json:"title"`
	Severity string `json:"severity"`
	Count    int    `json:"findings"`
	Amount   string `json:"amount,omitempty"` // a month
}

// calls is how many customers a mail names.
const calls = 5

// BriefingOf gathers what a mail says of a report.
func BriefingOf(r *report.Report) Briefing {
	return Briefing{Headline: Headline(r), Subject: Short(r), Largest: largestTodos(r), Found: foundByRules(r)}
}

// largestTodos are about the customers that owe most; where fewer owe anything,
// about those with the most severe findings.
func largestTodos(r *report.Report) (todos []Todo) {
	done := map[int]bool{}
	add := func(f *report.Finding) {
		if f == nil || len(todos) == calls || done[f.Customer] {
			return
		}
		done[f.Customer] = true
		todos = append(todos, Todo{r.Customers[f.Customer].Name(), todoAmount(r, f), f.Message, r.Rules[f.Rule].Remediation})
	}
	for _, i := range r.TopExposures(calls) {
		add(owing(r, &r.Customers[i]))
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Verdict == rules.Finding {
			add(f)
		}
	}
	return todos
}

// todoAmount is what the customer owes, if the finding is about that, or what
// its unused licenses are worth.
func todoAmount(r *report.Report, f *report.Finding) string {
	c, kind := &r.Customers[f.Customer], r.CountsAs(f)
	amount := exposureOf
	if kind == "unused" {
		amount = unusedOf
	}
	switch {
	case kind == "" || r.Currency != "" && amount(c).IsUnknown():
		return ""
	case r.Currency == "" && f.Quantity == nil:
		return ""
	case r.Currency == "":
		return count(*f.Quantity).Counted("license") + map[string]string{"exposure": " over", "unused": " unused"}[kind]
	case kind == "unused":
		return InMoney(r, amount(c)) + " unused"
	}
	return InMoney(r, amount(c))
}

func foundByRules(r *report.Report) (found []Found) {
	worth := map[string]decimal.Decimal{}
	for i := range r.Rules {
		rule := &r.Rules[i]
		n := rule.Tally[rules.Finding]
		if n == 0 {
			continue
		}
		f := Found{Name: rule.Title, Severity: rule.Severity.String(), Count: n}
		if r.Currency != "" {
			for _, sum := range []struct {
				value cell.Value
				cell  Cell
				word  string
			}{{ExposureValue(rule), exposureCell(&rule.Money), ""}, {UnusedValue(rule), unusedCell(&rule.Money), " unused"}} {
				if !sum.value.IsEmpty() {
					f.Amount = InMoney(r, sum.cell) + sum.word
				}
			}
		}
		worth[f.Name] = rule.Money.Exposure.Add(rule.Money.Unused)
		found = append(found, f)
	}
	rank := map[string]int{}
	for i, s := range rules.Severities {
		rank[s.String()] = i
	}
	slices.SortStableFunc(found, func(a, b Found) int {
		return cmp.Or(cmp.Compare(rank[a.Severity], rank[b.Severity]), worth[b.Name].Cmp(worth[a.Name]), cmp.Compare(b.Count, a.Count))
	})
	return found
}
