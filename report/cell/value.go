// Package cell says how a value of the report is written: its kind, its number,
// its money, its day, and the word for what is not known.
package cell

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/rules"
)

// Kind says how the values of a column are shown: alignment, number format, colour.
// It belongs to the column, so that an unknown count is aligned as a number.
type Kind uint8

// The kinds of columns.
const (
	KindText     Kind = iota
	KindID            // text that is never a number: GUIDs, ids; not wrapped
	KindLongText      // wrapped: messages, remediation
	KindCount         // #,##0
	KindDelta         // signed, red where negative licenses are left
	KindPercent       // 0.0 %; the value is a fraction, 1 for 100 %
	KindMoney         // with the report's currency, two decimals
	KindSigned        // the same with its sign, as what a figure moved by
	KindDate          // a day, UTC
	KindTime          // date and time, UTC
	KindSeverity      // a word and a colour
	KindVerdict       // a word and a colour
	KindBlank         // left empty for people to fill in
	KindDue           // the same for a day
)

// ForPeople tells the kinds that are there for people to fill in.
func (k Kind) ForPeople() bool { return k == KindBlank || k == KindDue }

// IsNumber tells whether cells of the kind are aligned to the right.
func (k Kind) IsNumber() bool {
	switch k {
	case KindCount, KindDelta, KindPercent, KindMoney, KindSigned:
		return true
	}
	return false
}

// Value is one cell: nothing, unknown, or one of text, whole number,
// fraction, decimal and time. The zero Value is an empty cell.
type Value struct {
	holds   holding
	text    string
	integer int64
	float   float64
	money   decimal.Decimal
	time    time.Time
	total   bool
}

type holding uint8

const (
	holdsEmpty holding = iota
	holdsUnknown
	holdsText
	holdsInt
	holdsFloat
	holdsMoney
	holdsTime
)

// Empty is a cell with nothing to say: the question does not arise.
func Empty() Value { return Value{} }

// Unknown is a value that would matter and cannot be known. It is shown as
// the word, never as 0 or as nothing.
func Unknown() Value { return Value{holds: holdsUnknown} }

// Text is a text; an empty one is Empty.
func Text(s string) Value {
	if s == "" {
		return Empty()
	}
	return Value{holds: holdsText, text: s}
}

// Int is a whole number.
func Int(n int64) Value { return Value{holds: holdsInt, integer: n} }

// Float is a fraction, such as a utilization.
func Float(f float64) Value { return Value{holds: holdsFloat, float: f} }

// Money is an amount in the report's currency.
func Money(d decimal.Decimal) Value { return Value{holds: holdsMoney, money: d} }

// Time is a time; the zero time is Empty.
func Time(t time.Time) Value {
	if t.IsZero() {
		return Empty()
	}
	return Value{holds: holdsTime, time: t.UTC()}
}

// Count is a count of the API: Empty for null, which means "not licensed by user
// count" or the like, and Unknown for absent and unreadable.
func Count(c fetch.Count) Value {
	switch c.State {
	case fetch.Known:
		return Int(c.N)
	case fetch.Null:
		return Empty()
	}
	return Unknown()
}

// API is a text of the API: Empty for null, Unknown for absent and unreadable.
func API(t fetch.Text) Value {
	switch t.State {
	case fetch.Known:
		return Text(t.S)
	case fetch.Null:
		return Empty()
	}
	return Unknown()
}

// Severity is the severity's word.
func Severity(s rules.Severity) Value { return Text(s.String()) }

// MaybeInt is Empty for nil.
func MaybeInt(n *int64) Value {
	if n == nil {
		return Empty()
	}
	return Int(*n)
}

// MaybeMoney is Empty for nil.
func MaybeMoney(d *decimal.Decimal) Value {
	if d == nil {
		return Empty()
	}
	return Money(*d)
}

// Total is a figure that stands by itself in a column of signed differences:
// it is written without a sign.
func Total(v Value) Value {
	v.total = true
	return v
}

// IsTotal tells one.
func (v Value) IsTotal() bool { return v.total }

// signed puts a sign before a difference that is more than nothing.
func (v Value) signed(k Kind, digits string, more bool) string {
	if more && !v.total && (k == KindDelta || k == KindSigned) {
		return "+" + digits
	}
	return digits
}

// IsEmpty tells whether the cell has nothing to say.
func (v Value) IsEmpty() bool { return v.holds == holdsEmpty }

// IsUnknown tells whether the value cannot be known.
func (v Value) IsUnknown() bool { return v.holds == holdsUnknown }

// Int gives a whole number; false if it is something else.
func (v Value) Int() (int64, bool) { return v.integer, v.holds == holdsInt }

// Float gives a fraction; false if it is something else.
func (v Value) Float() (float64, bool) { return v.float, v.holds == holdsFloat }

// Money gives an amount; false if it is something else.
func (v Value) Money() (decimal.Decimal, bool) { return v.money, v.holds == holdsMoney }

// Time gives a time in UTC; false if it is something else.
func (v Value) Time() (time.Time, bool) { return v.time, v.holds == holdsTime }

// Text gives a text; false if it is something else.
func (v Value) Text() (string, bool) { return v.text, v.holds == holdsText }

// digits are those of an amount: two decimals, and of a price all that it has.
func (v Value) digits() string { return v.money.StringFixed(max(2, -v.money.Exponent())) }

// String writes the value plainly, as CSV has it: numbers without grouping,
// fractions with four decimals, money with two, days as YYYY-MM-DD.
func (v Value) String() string {
	switch v.holds {
	case holdsUnknown:
		return "unknown"
	case holdsText:
		return v.text
	case holdsInt:
		return strconv.FormatInt(v.integer, 10)
	case holdsFloat:
		return strconv.FormatFloat(v.float, 'f', 4, 64)
	case holdsMoney:
		return v.digits()
	case holdsTime:
		return v.time.Format(time.DateOnly)
	}
	return ""
}

// Format writes the value for people: thousands grouped, percents, signs.
func (v Value) Format(k Kind) string {
	switch v.holds {
	case holdsInt:
		s := plain.Number(v.integer)
		return v.signed(k, s, v.integer > 0)
	case holdsFloat:
		if k == KindPercent {
			return strconv.FormatFloat(v.float*100, 'f', 1, 64) + " %"
		}
	case holdsMoney:
		return v.signed(k, plain.Group(v.digits()), v.money.IsPositive())
	case holdsTime:
		if k == KindTime {
			return v.time.Format("2006-01-02 15:04") + " UTC"
		}
	}
	return v.String()
}
