package tables

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"trueup/report"
	"trueup/report/cell"
)

// Title is the report's title; a pack's names the account manager.
func Title(r *report.Report) string {
	if r.Manager == "" {
		return r.Title
	}
	return r.Title + ": " + r.Manager
}

// Line is what stands below a tile: what the figure was, and what it changed by.
func (t Tile) Line() string { return t.LineStart() + t.Delta }

// LineStart is the line up to what the figure changed by.
func (t Tile) LineStart() string {
	if t.Delta == "" || t.Note == "" {
		return t.Note
	}
	return t.Note + " · "
}

// FiguresTitle is the title of the table that a waterfall is drawn from.
const FiguresTitle = "Figures of the waterfall"

// Headings of that table.
const (
	HeadGround = "Ground (not drawn)"
	HeadTotal  = "Total"
	HeadMore   = "More"
	HeadLess   = "Less"
)

// Figures are a waterfall as a chart of stacked columns needs it: what is not
// drawn, and one column for each colour. There are none where all is 0, or
// where a bar goes below it: then no column can stand on another.
func (w Waterfall) Figures(r *report.Report) Table {
	t := Table{Title: FiguresTitle, Noun: "row", Intro: w.Unit}
	below := slices.ContainsFunc(w.Bars, func(b Fall) bool { return b.From.IsNegative() || b.To.IsNegative() })
	if below || w.Most().IsZero() {
		return t
	}
	value := func(d decimal.Decimal) cell.Value { return cell.Money(d) }
	kind := cell.KindMoney
	if w.Kind() == cell.KindCount {
		value, kind = func(d decimal.Decimal) cell.Value { return cell.Int(d.IntPart()) }, cell.KindCount
	}
	t.Heads = []Head{{Text: "Step", Kind: cell.KindText}, {Text: HeadGround, Kind: kind}, {Text: HeadTotal, Kind: kind}, {Text: HeadMore, Kind: kind}, {Text: HeadLess, Kind: kind}}
	for _, b := range w.Bars {
		cells := make([]Cell, len(t.Heads))
		name, at := b.Name, 2
		if b.Total { // what it is about in detail stands in the bridge
			name = name[:len(name)-len(strings.TrimLeftFunc(name, func(r rune) bool { return r != ',' && r != ':' }))]
		}
		if b.AtLeast {
			name = "≥ " + name
		}
		cells[0] = text(name)
		switch {
		case !b.Total && b.Value.IsPositive():
			at = 3
		case !b.Total:
			at = 4
		}
		cells[at] = Is(value(b.To.Sub(b.From).Abs()))
		if low := decimal.Min(b.From, b.To); !low.IsZero() {
			cells[1] = Is(value(low))
		}
		t.Rows = append(t.Rows, Row{Cells: cells})
	}
	return t
}

// Kind is what the bars measure: amounts, or numbers of findings.
func (w Waterfall) Kind() cell.Kind {
	if w.Money {
		return cell.KindMoney
	}
	return cell.KindCount
}

// Measure is what the bars measure, in words.
func (w Waterfall) Measure() string {
	words, _, _ := strings.Cut(w.Unit, ";")
	return words
}

// Most is the height of the highest bar.
func (w Waterfall) Most() (most decimal.Decimal) {
	for _, b := range w.Bars {
		most = decimal.Max(most, b.From, b.To)
	}
	return most
}

// Floor is where an axis may start so that the steps can be seen: 0, or, where
// they are small against the totals, a round number below all bars.
func (w Waterfall) Floor() decimal.Decimal {
	most := w.Most()
	low := most
	for _, b := range w.Bars {
		low = decimal.Min(low, b.To)
		if !b.Total {
			low = decimal.Min(low, b.From)
		}
	}
	span := most.Sub(low)
	if span.IsZero() || low.LessThan(most.Div(decimal.NewFromInt(2))) {
		return decimal.Zero
	}
	low = low.Sub(span.Div(decimal.NewFromInt(2)))
	if !low.IsPositive() {
		return decimal.Zero
	}
	digits := int32(low.NumDigits()) + low.Exponent()
	return low.RoundDown(2 - digits) // two digits
}

// FromPosition is how the license position comes to the open exposure; it has
// no rows without prices.
func FromPosition(r *report.Report) Table { return fromPosition(r) }
