package xlsx

import (
	"strings"

	"github.com/shopspring/decimal"

	"trueup/fetch/plain"
	"trueup/report/cell"
	"trueup/report/tables"
)

// controls compares what the sheets hold with the report's totals.
func (b *book) controls() tables.Table {
	t := tables.Table{Title: "Reconciliation", Note: strings.Join(b.notes(), " "), Heads: []tables.Head{{Text: "What", Kind: cell.KindText},
		{Text: "In the sheets", Kind: cell.KindCount}, {Text: "In the report", Kind: cell.KindCount}, {Text: "Agree", Kind: cell.KindVerdict}}}
	for _, c := range tables.Controls(b.r) {
		got, agree := tables.Cell{Value: b.held(&c), AtLeast: c.Want.AtLeast}, "NO"
		if number(got.Value).Equal(number(c.Want.Value)) {
			agree = "yes"
		}
		t.Rows = append(t.Rows, tables.Row{Cells: []tables.Cell{tables.Is(cell.Text(c.What)), got, c.Want, tables.Is(cell.Text(agree))}})
	}
	return t
}

// held is what was written to the sheets of a control total.
func (b *book) held(c *tables.Control) cell.Value {
	if c.Column == "" {
		return cell.Int(b.rows(c.Sheet))
	}
	var count int64
	var money decimal.Decimal
	for _, s := range b.sections { // a table may go on in several
		for i := range s.columns {
			if s.sheet.Name == c.Sheet && s.columns[i].Heading == c.Column {
				count += s.counts[i]
				money = money.Add(s.money[i])
			}
		}
	}
	if c.Kind == cell.KindMoney {
		return cell.Money(money)
	}
	return cell.Int(count)
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

func number(v cell.Value) decimal.Decimal {
	if d, ok := v.Money(); ok {
		return d
	}
	n, _ := v.Int()
	return decimal.NewFromInt(n)
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
