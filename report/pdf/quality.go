package pdf

import "trueup/report"

// quality lists what could not be judged and what is odd in the data.
func (b *book) quality() {
	b.part("Data quality")
	rows := b.r.Quality
	if len(rows) == 0 {
		b.paragraph("Every rule could be evaluated for every customer it applies to, and the data had no problem.", body, left, wide)
		return
	}
	b.paragraph(counted(b.r.Totals.NotEvaluable, "verdict is", "verdicts are")+" not evaluable and "+
		counted(len(b.r.Problems), "problem was", "problems were")+" found in the data.", body, left, wide)
	b.space(8)
	t := b.table(column{head: "Kind", share: 18}, column{head: "Customer", share: 27}, column{head: "What", share: 55})
	shown := min(len(rows), b.o.MaxQuality)
	for i := range rows[:shown] {
		t.row(b.qualityRow(&rows[i])...)
	}
	t.end(more(len(rows)-shown, "rows"))
}

func (b *book) qualityRow(q *report.QualityRow) []cell {
	customer := cell{}
	if q.Customer >= 0 {
		customer = linked(b.r.Customers[q.Customer].Name(), b.details[q.Customer])
	}
	what := []para{{q.Text, cellSt}}
	if q.Rule != "" {
		what = append(what, para{q.Rule, small})
	}
	return []cell{plain(q.Kind), customer, {paras: what}}
}
