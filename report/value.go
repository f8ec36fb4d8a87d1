package report

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/rules"
)

// Kind says how the values of a column are shown: alignment, number format,
// colour. It is the column's, so that an unknown in a number column stays one.
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
	KindDate          // a day, UTC
	KindTime          // date and time, UTC
	KindSeverity      // a word and a colour
	KindVerdict       // a word and a colour
	KindBlank         // left empty for people to fill in
)

// Value is one cell: nothing, unknown, or one of text, whole number,
// fraction, decimal and time. The zero Value is an empty cell.
type Value struct {
	type_   valueType
	text    string
	integer int64
	float   float64
	money   decimal.Decimal
	time    time.Time
}

type valueType uint8

const (
	typeEmpty valueType = iota
	typeUnknown
	typeText
	typeInt
	typeFloat
	typeMoney
	typeTime
)

// Empty is a cell with nothing to say: the question does not arise.
func Empty() Value { return Value{} }

// Unknown is a value that would matter and cannot be known. It is shown as
// the word, never as 0 or as nothing.
func Unknown() Value { return Value{type_: typeUnknown} }

// TextValue is a text; an empty one is Empty.
func TextValue(s string) Value {
	if s == "" {
		return Empty()
	}
	return Value{type_: typeText, text: s}
}

// IntValue is a whole number.
func IntValue(n int64) Value { return Value{type_: typeInt, integer: n} }

// FloatValue is a fraction, as a utilization.
func FloatValue(f float64) Value { return Value{type_: typeFloat, float: f} }

// MoneyValue is an amount in the report's currency.
func MoneyValue(d decimal.Decimal) Value { return Value{type_: typeMoney, money: d} }

// TimeValue is a time; the zero time is Empty.
func TimeValue(t time.Time) Value {
	if t.IsZero() {
		return Empty()
	}
	return Value{type_: typeTime, time: t.UTC()}
}

// CountValue shows a count of the API: null is "not licensed by user count"
// or the like and shown as nothing, absent and unreadable are unknown.
func CountValue(c fetch.Count) Value {
	switch c.State {
	case fetch.Known:
		return IntValue(c.N)
	case fetch.Null:
		return Empty()
	}
	return Unknown()
}

// ApiText shows a text of the API likewise.
func ApiText(t fetch.Text) Value {
	switch t.State {
	case fetch.Known:
		return TextValue(t.S)
	case fetch.Null:
		return Empty()
	}
	return Unknown()
}

// SeverityValue is the severity's word.
func SeverityValue(s rules.Severity) Value { return TextValue(s.String()) }

func intPtr(n *int64) Value {
	if n == nil {
		return Empty()
	}
	return IntValue(*n)
}

func moneyPtr(d *decimal.Decimal) Value {
	if d == nil {
		return Empty()
	}
	return MoneyValue(*d)
}

// IsEmpty tells an empty cell.
func (v Value) IsEmpty() bool { return v.type_ == typeEmpty }

// IsUnknown tells a value that cannot be known.
func (v Value) IsUnknown() bool { return v.type_ == typeUnknown }

// Int gives a whole number; false if it is something else.
func (v Value) Int() (int64, bool) { return v.integer, v.type_ == typeInt }

// Float gives a fraction; false if it is something else.
func (v Value) Float() (float64, bool) { return v.float, v.type_ == typeFloat }

// Money gives an amount; false if it is something else.
func (v Value) Money() (decimal.Decimal, bool) { return v.money, v.type_ == typeMoney }

// Time gives a time in UTC; false if it is something else.
func (v Value) Time() (time.Time, bool) { return v.time, v.type_ == typeTime }

// Text gives a text; false if it is something else.
func (v Value) Text() (string, bool) { return v.text, v.type_ == typeText }

// String writes the value plainly, as CSV has it: numbers without grouping,
// fractions with four decimals, money with two, days as YYYY-MM-DD.
func (v Value) String() string {
	switch v.type_ {
	case typeUnknown:
		return "unknown"
	case typeText:
		return v.text
	case typeInt:
		return strconv.FormatInt(v.integer, 10)
	case typeFloat:
		return strconv.FormatFloat(v.float, 'f', 4, 64)
	case typeMoney:
		return v.money.StringFixed(2)
	case typeTime:
		return v.time.Format(time.DateOnly)
	}
	return ""
}

// Format writes the value for people: thousands grouped, percents, signs.
func (v Value) Format(k Kind) string {
	switch v.type_ {
	case typeInt:
		s := Number(v.integer)
		if k == KindDelta && v.integer > 0 {
			s = "+" + s
		}
		return s
	case typeFloat:
		if k == KindPercent {
			return strconv.FormatFloat(v.float*100, 'f', 1, 64) + " %"
		}
	case typeMoney:
		return GroupDigits(v.money.StringFixed(2))
	case typeTime:
		if k == KindTime {
			return v.time.Format("2006-01-02 15:04") + " UTC"
		}
	}
	return v.String()
}

// Number writes a whole number for people, thousands grouped.
func Number[N int | int64](n N) string { return GroupDigits(strconv.FormatInt(int64(n), 10)) }

// Counted is a number with its noun: "1 customer", "2,000 customers".
func Counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + many
}

// GroupDigits puts a comma between thousands of a plain decimal number.
func GroupDigits(s string) string {
	end := len(s)
	for i := range len(s) {
		if s[i] == '.' {
			end = i
			break
		}
	}
	start := 0
	if s != "" && (s[0] == '-' || s[0] == '+') {
		start = 1
	}
	for i := end - 3; i > start; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
