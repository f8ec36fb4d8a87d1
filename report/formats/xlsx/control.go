package xlsx

import (
	"trueup/fetch/plain"
	"trueup/report/cell"

	"trueup/report/tables"

	"github.com/shopspring/decimal"
)

// control compares what the sheets hold with the model's totals.
type control struct {
	what          string
	kind          cell.Kind
	sheets, model cell.Value
	agree         bool
}

func countControl(what string, sheets, model int64) control {
	return control{what, cell.KindCount, cell.Int(sheets), cell.Int(model), sheets == model}
}

func moneyControl(what string, sheets, model decimal.Decimal) control {
	return control{what, cell.KindMoney, cell.Money(sheets), cell.Money(model), sheets.Equal(model)}
}

func (p *summaryPage) controls() {
	totals := p.controlTotals()
	t := p.startTable(p.block(len(totals)+3), "Control totals", []head{{"What", cell.KindText}, {"In the sheets", cell.KindCount}, {"In the report", cell.KindCount}, {"Agree", cell.KindText}})
	for _, c := range totals {
		agree := "yes"
		if !c.agree {
			agree = "NO"
		}
		t.heads[1].kind, t.heads[2].kind = c.kind, c.kind
		t.add(cell.Text(c.what), c.sheets, c.model, cell.Text(agree))
		if !c.agree {
			p.put("D", t.at-1, agree, p.st.sample)
		}
	}
	p.row = t.at
	for _, note := range p.notes() {
		p.row = p.remark(p.row, note)
	}
}

// notes say what a sheet could not take.
func (b *book) notes() (notes []string) {
	for i, s := range b.sections {
		if s.from == 0 && i+1 < len(b.sections) && b.sections[i+1].from > 0 {
			notes = append(notes, s.name+" goes on in the sheets after it, as a sheet holds "+plain.Number(b.limit)+" of its rows: "+plain.Number(s.sheet.Rows(b.r))+" in all.")
		}
		if s.linked < s.rows {
			notes = append(notes, s.name+" has links on its first "+plain.Number(s.linked)+" rows, as a sheet holds so many.")
		}
	}
	return notes
}

func (b *book) controlTotals() []control {
	t := &b.r.Totals
	all := []control{
		countControl("Customers: rows", b.rows(tables.SheetCustomers), int64(t.Customers)),
		countControl("Customers: sum of Acquired", b.sum(tables.SheetCustomers, "Acquired"), t.Acquired),
		countControl("Customers: sum of Used", b.sum(tables.SheetCustomers, "Used"), t.ActiveUsers),
		countControl("Customers: sum of Findings", b.sum(tables.SheetCustomers, "Findings"), int64(t.Findings)),
		countControl("Customers: sum of Waived", b.sum(tables.SheetCustomers, "Waived"), int64(t.Waived)),
		countControl("Customers: sum of Not evaluable", b.sum(tables.SheetCustomers, "Not evaluable"), int64(t.NotEvaluable)),
		countControl("SIP Connections: rows", b.rows(tables.SheetConnections), int64(t.SIPConnections)),
		countControl("Findings: rows, open and waived", b.rows(tables.SheetFindings), int64(t.Findings+t.Waived)),
		countControl("Rules: sum of Finding", b.sum(tables.SheetRules, "Finding"), int64(t.Findings)),
		countControl("Rules: sum of Waived", b.sum(tables.SheetRules, "Waived"), int64(t.Waived)),
		countControl("Rules: sum of Not evaluable", b.sum(tables.SheetRules, "Not evaluable"), int64(t.NotEvaluable)),
		countControl("Data quality: rows", b.rows(tables.SheetQuality), int64(len(b.r.NotEvaluable)+len(b.r.Problems))),
		countControl("Waivers: rows", b.rows(tables.SheetWaivers), int64(len(b.r.Waivers))),
	}
	if b.r.Changes != nil {
		all = append(all, countControl("Changes: rows", b.rows(tables.SheetChanges), int64(len(b.r.Changes.Rows))))
	}
	if b.r.Currency == "" {
		return all
	}
	return append(all, b.moneyTotals()...)
}

// moneyTotals are of open findings: waived ones are not billed.
func (b *book) moneyTotals() []control {
	m := &b.r.Totals.Money
	return []control{
		moneyControl("Customers: sum of "+tables.HeadExposure, b.moneySum(tables.SheetCustomers, tables.HeadExposure), m.Exposure),
		moneyControl("Customers: sum of "+tables.HeadUnused, b.moneySum(tables.SheetCustomers, tables.HeadUnused), m.Unused),
		moneyControl("Rules: sum of "+tables.HeadExposure, b.moneySum(tables.SheetRules, tables.HeadExposure), m.Exposure),
		moneyControl("Rules: sum of "+tables.HeadUnused, b.moneySum(tables.SheetRules, tables.HeadUnused), m.Unused),
		moneyControl("Findings: sum of Amount, open and waived", b.moneySum(tables.SheetFindings, "Amount"), m.Exposure.Add(m.Unused).Add(m.Waived)),
	}
}

// rows counts the rows written to the sheets of a name.
func (b *book) rows(name string) (n int64) {
	for _, s := range b.sections {
		if s.sheet.Name == name {
			n += int64(s.rows)
		}
	}
	return n
}

// sum adds up a column of counts as it was written.
func (b *book) sum(name, heading string) (n int64) {
	b.each(name, heading, func(s *section, i int) { n += s.counts[i] })
	return n
}

// moneySum does so for amounts.
func (b *book) moneySum(name, heading string) (sum decimal.Decimal) {
	b.each(name, heading, func(s *section, i int) { sum = sum.Add(s.money[i]) })
	return sum
}

// each visits a column in every sheet that a table goes on in.
func (b *book) each(name, heading string, visit func(s *section, column int)) {
	for _, s := range b.sections {
		for i := range s.columns {
			if s.sheet.Name == name && s.columns[i].Heading == heading {
				visit(s, i)
			}
		}
	}
}
