package pdf

import "trueup/report/tables"

// maxChanges bounds the list of what changed; the workbook has it whole.
const maxChanges = 200

func (b *book) layOutChanges() {
	if b.r.Changes == nil {
		return
	}
	b.chapter("What changed")
	b.changesLine("Since ")
	rows := b.r.Changes.Rows
	if len(rows) == 0 {
		return
	}
	t := b.table(column{head: "Change", share: 12}, column{head: "Severity", share: 13}, column{head: "Customer", share: 25},
		column{head: "What", share: 45}, column{head: "Since", share: 14})
	shown := min(len(rows), maxChanges)
	for _, c := range rows[:shown] {
		customer := regular(c.Customer)
		if c.Finding >= 0 {
			customer.to = b.details[b.r.Findings[c.Finding].Customer]
		}
		t.row(strong(tables.StepWords(c.Step)), severityCell(c.Severity), customer,
			box{paras: []para{{c.Text, cellSt}, {c.Rule, small}}}, regular(date(c.Since)))
	}
	t.end(more(len(rows)-shown, "change", "changes"))
}
