package cell

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

func TestFormat(t *testing.T) {
	for _, x := range []struct {
		v    Value
		k    Kind
		want string
	}{
		{Int(1234567), KindCount, "1,234,567"}, {Int(-1234), KindDelta, "-1,234"}, {Int(12), KindDelta, "+12"},
		{Float(0.9449), KindPercent, "94.5 %"}, {Money(decimal.RequireFromString("-1234.5")), KindMoney, "-1,234.50"},
		{Money(decimal.RequireFromString("2.105")), KindMoney, "2.105"}, {Money(decimal.RequireFromString("2")), KindSigned, "+2.00"},
		{Unknown(), KindCount, "unknown"}, {Empty(), KindCount, ""}, {Time(time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)), KindDate, "2026-11-23"},
		{Int(999), KindCount, "999"}, {Int(-999), KindCount, "-999"},
	} {
		if got := x.v.Format(x.k); got != x.want {
			t.Errorf("%v: %q, want %q", x.v, got, x.want)
		}
	}
}
