package fetch

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// The histories of these tests are invented: the vendor publishes one record.

var berlin = time.FixedZone("two hours east", 2*60*60)

func askedOf(guid string, zone *time.Location) asked {
	from, _ := ParseDay("2026-01-01")
	to, _ := ParseDay("2026-12-31")
	return asked{guid: guid, first: from, last: to, zone: zone}
}

// rec is a record with the fields given, as JSON.
func rec(at, fields string) string {
	return fmt.Sprintf(`{"umpCustomerGuid":"g","lastUpdate":%q,"acquiredLicenses":100,%s}`, at, fields)
}

func TestDecodeHistory(t *testing.T) {
	const day = "2026-10-01T16:05:06.0202209+00:00"
	for _, test := range []struct {
		name, in string
		zone     *time.Location
		want     string // as a snapshot holds it: from, acquired, licensed, Direct Routing
		notes    string
	}{
		{name: "the vendor's spelling of the time", in: rec(day, `"currentlyLicensed":97`), want: `2026-10-01 100 97 a`},
		{name: "keys in other letters", in: `{"UmpCustomerGUID":"G","LastUpdate":"2026-10-01T00:00:00Z","ACQUIREDLICENSES":1,"CurrentlyLicensed":2,"ManagedUsersDirectRouting":3}`, want: `2026-10-01 1 2 3`},
		{name: "numbers as texts", in: rec(day, `"currentlyLicensed":"97","managedUsersDirectRouting":"5"`), want: `2026-10-01 100 97 5`},
		{name: "null is not absent", in: rec(day, `"currentlyLicensed":null`), want: `2026-10-01 100 n a`},
		{name: "unreadable", in: rec(day, `"currentlyLicensed":-1,"managedUsersDirectRouting":[]`), want: `2026-10-01 100 u u`, notes: "2 values that the API does not document"},
		{name: "no record", in: "", want: ` `},
		{name: "missing days", in: rec("2026-10-04T00:00:00Z", `"currentlyLicensed":4`) + "," + rec("2026-10-01T00:00:00Z", `"currentlyLicensed":1`), want: `2026-10-01 100 -*2 100 1 -*2 4 a -*2 a`},
		{name: "the day's later record counts", in: rec("2026-10-01T20:00:00Z", `"currentlyLicensed":8`) + "," + rec("2026-10-01T04:00:00Z", `"currentlyLicensed":9`), want: `2026-10-01 100 8 a`},
		{name: "twice the same", in: rec(day, `"currentlyLicensed":8`) + "," + rec(day, `"currentlyLicensed":8`), want: `2026-10-01 100 8 a`},
		{name: "two of one moment", in: rec(day, `"currentlyLicensed":8`) + "," + rec(day, `"currentlyLicensed":9`), want: `2026-10-01 a a a`, notes: "differ on 1 day"},
		{name: "days of the zone", in: rec("2026-10-01T23:00:00Z", `"currentlyLicensed":8`), zone: berlin, want: `2026-10-02 100 8 a`},
		{name: "without an offset", in: rec("2026-10-01T23:00:00", `"currentlyLicensed":8`), want: `2026-10-01 100 8 a`},
		{name: "no day", in: rec("yesterday", `"currentlyLicensed":8`) + `,{"umpCustomerGuid":"g","currentlyLicensed":1}`, want: ` `, notes: "2 records of its license history left out"},
		{name: "days that were not asked for", in: rec("1970-01-01T00:00:00Z", `"currentlyLicensed":8`) + "," + rec(day, `"currentlyLicensed":7`), want: `2026-10-01 100 7 a`, notes: "1 record of"},
		{name: "unknown keys", in: rec(day, `"currentlyLicensed":1,"clientSecret":{"a":[1]}`), want: `2026-10-01 100 1 a`},
	} {
		t.Run(test.name, func(t *testing.T) {
			h, err := decodeHistory(strings.NewReader("["+test.in+"]"), askedOf("g", test.zone))
			if err != nil {
				t.Fatal(err)
			}
			u := h.usage
			got := string(appendRuns(nil, u.days[Acquired]))
			if u.Len() > 0 {
				got = fmt.Sprintf("%s %s %s %s", u.From, got, appendRuns(nil, u.days[Licensed]), appendRuns(nil, u.days[DirectRouting]))
			}
			if strings.TrimSpace(got) != strings.TrimSpace(test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			notes := fmt.Sprint(h.notes)
			if len(h.notes) > 0 != (test.notes != "") || !strings.Contains(notes, test.notes) {
				t.Errorf("notes %s, want %q", notes, test.notes)
			}
			again, err := parseUsage(appendUsage(nil, u))
			if err != nil || string(appendUsage(nil, again)) != string(appendUsage(nil, u)) {
				t.Errorf("as a snapshot holds it: %v, %s", err, appendUsage(nil, u))
			}
		})
	}
}

func TestHistoryRefused(t *testing.T) {
	for _, test := range []struct {
		name, in, want string
		cut            bool
	}{
		{name: "another customer", in: `[{"umpCustomerGuid":"h","lastUpdate":"2026-10-01T00:00:00Z"}]`, want: "about another customer: h"},
		{name: "another customer among them", in: `[{"umpCustomerGuid":"g"},{"umpCustomerGuid":"h"}]`, want: "about another customer: h"},
		{name: "nobody's", in: `[{"lastUpdate":"2026-10-01T00:00:00Z"}]`, want: "does not say whose it is"},
		{name: "an envelope", in: `{"data":[],"totalPages":2}`, want: "not a license history"},
		{name: "a page", in: `<html>`, want: "not a license history"},
		{name: "nothing", in: ``, want: "no content", cut: true},
		{name: "cut off", in: `[{"umpCustomerGuid":"g"},`, want: "cut off", cut: true},
		{name: "more behind", in: `[]{}`, want: "something follows"},
		{name: "no object", in: `[7]`, want: "not an object"},
		{name: "a key twice", in: `[{"umpCustomerGuid":"g","currentlyLicensed":1,"CurrentlyLicensed":2}]`, want: "appears twice"},
	} {
		t.Run(test.name, func(t *testing.T) {
			h, err := decodeHistory(strings.NewReader(test.in), askedOf("g", nil))
			var data *DataError
			if !errors.As(err, &data) || !strings.Contains(err.Error(), test.want) || data.Cut != test.cut {
				t.Errorf("error %v, want %s", err, test.want)
			}
			if h.usage != nil {
				t.Error("a usage together with an error")
			}
		})
	}
}

// usageOf is an invented history: currentlyLicensed of each day from a day on, with
// -1 for a day without a record.
func usageOf(from string, licensed ...int64) *Usage {
	first, err := ParseDay(from)
	if err != nil {
		panic(err)
	}
	var days []record
	for i, n := range licensed {
		if n >= 0 {
			r := record{day: first + Day(i), on: map[string]bool{"Direct Routing": true}}
			r.columns[Acquired], r.columns[Licensed], r.columns[DirectRouting] = CountOf(100), CountOf(n), CountOf(n-5)
			days = append(days, r)
		}
	}
	u := &Usage{}
	u.fill(days)
	return u
}

func many(n int, value int64) []int64 {
	list := make([]int64, n)
	for i := range list {
		list[i] = value
	}
	return list
}

func TestMonth(t *testing.T) {
	october := many(31, 90)
	october[13], october[20] = 130, 130
	for _, test := range []struct {
		name     string
		usage    *Usage
		asOf     string
		want     string // measured month, peak, its day, days of days, average, last
		enough   bool
		switched bool
	}{
		{name: "a whole month; the first day of two alike is the peak's", usage: usageOf("2026-10-01", october...), asOf: "2026-10-31",
			want: "2026-10 130 2026-10-14 31/31 92.6 90", enough: true},
		{name: "the month goes on: the one before counts", usage: usageOf("2026-10-01", append(october, 200, 210)...), asOf: "2026-11-02",
			want: "2026-10 130 2026-10-14 31/31 92.6 90", enough: true},
		{name: "a month that began before the customer", usage: usageOf("2026-10-20", many(12, 7)...), asOf: "2026-11-02",
			want: "2026-10 7 2026-10-20 12/31 7.0 7"},
		{name: "28 days of 31 are enough", usage: usageOf("2026-10-04", many(28, 7)...), asOf: "2026-11-02",
			want: "2026-10 7 2026-10-04 28/31 7.0 7", enough: true},
		{name: "27 are not", usage: usageOf("2026-10-05", many(27, 7)...), asOf: "2026-11-02",
			want: "2026-10 7 2026-10-05 27/31 7.0 7"},
		{name: "no day at all", usage: &Usage{}, asOf: "2026-11-02", want: "2026-10 unknown 1970-01-01 0/31 0.0 unknown"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.usage.AsOf, _ = ParseDay(test.asOf)
			m := test.usage.Month(test.usage.Measured())
			average, _ := m.Average()
			got := fmt.Sprintf("%s %s %s %d/%d %.1f %s", m.Name(), m.Peak, m.PeakDay, m.Days, m.DaysInMonth, average, m.Last)
			if got != test.want || m.Enough() != test.enough {
				t.Errorf("%s, enough %t\nwant %s, %t", got, m.Enough(), test.want, test.enough)
			}
			if m.Peak.Known() && (m.Acquired != CountOf(100) || m.Split[0] != CountOf(m.Peak.N-5)) {
				t.Errorf("at the peak: acquired %v, split %v", m.Acquired, m.Split)
			}
		})
	}
}

func TestSwitchesWithinAMonth(t *testing.T) {
	u := usageOf("2026-10-01", many(31, 9)...)
	if m := u.Month(u.From); m.SwitchesChanged {
		t.Error("nothing was switched")
	}
	u.Switches = append(u.Switches, Switches{u.From + 10, map[string]bool{"Direct Routing": false}})
	if m := u.Month(u.From); !m.SwitchesChanged {
		t.Error("a factor was switched off")
	}
	u.Switches[1].From = u.From + 31
	if m := u.Month(u.From); m.SwitchesChanged {
		t.Error("it was switched after the month")
	}
}

func TestSnapshotKeepsUsage(t *testing.T) {
	p := Portfolio{AsOf: someTime, Customers: []Customer{
		{UmpCustomerGuid: "a", Usage: usageOf("2026-10-01", 1, 2, -1, 2)},
		{UmpCustomerGuid: "b", Usage: &Usage{Failed: "there is no license history of it (404)"}},
		{UmpCustomerGuid: "c", Usage: &Usage{}},
		{UmpCustomerGuid: "d"},
	}}
	p.Customers[0].Usage.Switches = append(p.Customers[0].Usage.Switches, Switches{From: p.Customers[0].Usage.From + 3})
	sameAfterSnapshot(t, p)
	if text := unpacked(t, snapshotOf(t, p)); !strings.Contains(text, `"schema":"trueup.snapshot/2"`) || !strings.Contains(text, `"licensed":"1 2 - 2"`) {
		t.Error(text)
	}
	p.Customers = p.Customers[3:]
	if text := unpacked(t, snapshotOf(t, p)); !strings.Contains(text, `"schema":"trueup.snapshot/1"`) {
		t.Error("without any usage it is no longer what older versions read:", text)
	}
}

func TestUsageFormRefused(t *testing.T) {
	good := string(appendUsage(nil, usageOf("2026-10-01", 1, 1, 2)))
	if _, err := parseUsage([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, edit := range [][2]string{
		{`"1*2 2"`, `"1 1 2"`}, {`"1*2 2"`, `"1*2"`}, {`"1*2 2"`, `"1*99999999 2"`}, {`"1*2 2"`, `"1*0 2"`}, {`"1*2 2"`, `"-5"`},
		{`"1*2 2"`, `"9999999999*2 2"`}, {`2026-10-01`, `2026-13-01`}, {`"acquired"`, `"secret"`}, {`true`, `1`}, {`{"from"`, `{"failed":"x","from"`},
	} {
		edited := strings.Replace(good, edit[0], edit[1], 1)
		if edited == good {
			t.Fatalf("%s is not in %s", edit[0], good)
		}
		if u, err := parseUsage([]byte(edited)); err == nil {
			t.Errorf("%s is read as %+v", edited, u)
		}
	}
}

func FuzzDecodeHistory(f *testing.F) {
	f.Add("[" + rec("2026-10-01T16:05:06.0202209+00:00", `"currentlyLicensed":97,"LicenseFactors":{"a":true}`) + "]")
	f.Add(`[{"umpCustomerGuid":"g","lastUpdate":"2026-10-01T00:00:00Z","LicenseFactors":{"\ud800":false,"a":1}}]`)
	f.Fuzz(func(t *testing.T, in string) {
		h, err := decodeHistory(io.LimitReader(strings.NewReader(in), 1<<20), askedOf("g", berlin))
		if err != nil {
			return
		}
		form := appendUsage(nil, h.usage)
		if _, err := parseUsage(form); err != nil {
			t.Errorf("%s is not read back", form)
		}
		h.usage.Months()
	})
}
