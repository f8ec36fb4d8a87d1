package pdf

import (
	"strings"

	"trueup/report/tables"
)

// findings lists the findings under their rules, with what each rule says once.
func (b *book) findings() {
	sheet := tables.SheetNamed(tables.SheetFindings)
	for i := range b.r.Rules {
		if rows := tables.FindingsOf(b.r, i); len(rows) > 0 {
			b.rule(i)
			b.table(sheet.OnPaper(b.r, rows, b.o.MaxPerRule))
		}
	}
}

// rule heads the findings of a rule.
func (b *book) rule(at int) {
	r := &b.r.Rules[at]
	b.space(14)
	b.listed(r.Title, h2, b.rules[at])
	for i, line := range b.wrap(strings.Join(tables.RuleFacts(b.r, r), " · "), small, wide-12) {
		b.hold(small.leading(), func(y float64) {
			if i == 0 {
				b.fill(left, y+2, square, square, severityColors[r.Severity])
			}
			b.write(left+square+4, y+small.ascent(), line, small)
		})
	}
	b.space(3)
	b.labelled("Why", r.Why, body, "")
	b.labelled("What to do", r.Remediation, body, "")
	web := ""
	if strings.HasPrefix(r.Reference, "https://") || strings.HasPrefix(r.Reference, "http://") {
		web = r.Reference
	}
	b.labelled("Reference", r.Reference, small, web)
	b.space(5)
}
