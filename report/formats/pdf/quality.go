package pdf

import (
	"trueup/fetch/plain"
	"trueup/report"
)

// quality lists what could not be judged and what is odd in the data.
func (b *book) quality() {
	b.part("Data quality")
	rows := b.r.Quality
	if len(rows) == 0 {
		b.paragraph("Every rule could be evaluated for every customer it applies to, and the data had no problem.", body, left, wide)
		return
	}
	b.paragraph(plain.Counted(b.r.Totals.NotEvaluable, "verdict is", "verdicts are")+" not evaluable and "+
		plain.Counted(len(b.r.Problems), "problem was", "problems were")+" found in the data.", body, left, wide)
	b.space(8)
	t := b.table(column{head: "Kind", share: 18}, column{head: "Customer", share: 27}, column{head: "What", share: 55})
	all := gaps(rows)
	shown := min(len(all), b.o.MaxQuality)
	for i := range all[:shown] {
		t.row(b.qualityRow(&all[i])...)
	}
	t.end(more(len(all)-shown, "row", "rows"))
}

// gap is what is to be said in the same words about several customers.
type gap struct {
	report.QualityRow
	customers []int
}

// gaps joins the rows that differ in the customer alone, in order of the first.
func gaps(rows []report.QualityRow) (all []gap) {
	at := map[report.QualityRow]int{}
	for _, row := range rows {
		words := row
		words.Customer = -1
		i, ok := at[words]
		if !ok {
			i = len(all)
			at[words] = i
			all = append(all, gap{QualityRow: words})
		}
		if row.Customer >= 0 {
			all[i].customers = append(all[i].customers, row.Customer)
		}
	}
	return all
}

func (b *book) qualityRow(g *gap) []box {
	what := []para{{g.Text, cellSt}}
	if g.Rule != "" {
		what = append(what, para{g.Rule, small})
	}
	return []box{regular(g.Kind), b.concerns(g.customers), {paras: what}}
}

// concerns names the first of some customers.
func (b *book) concerns(customers []int) box {
	const named = 3
	if len(customers) == 1 {
		return linked(b.r.Customers[customers[0]].Name(), b.details[customers[0]])
	}
	var c box
	if len(customers) > named {
		c.paras = append(c.paras, para{plain.Counted(len(customers), "customer", "customers") + ", as", cellSt})
	}
	for _, at := range customers[:min(len(customers), named)] {
		c.paras = append(c.paras, para{b.r.Customers[at].Name(), cellSt})
	}
	return c
}
