package pdf

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/cell"
	"trueup/report/formats/pdf/canvas"
	"trueup/report/formats/pdf/text"
	"trueup/report/tables"
	"trueup/rules"
)

// has fails for each text that a laid-out page does not have, spaces apart.
func has(t *testing.T, page *canvas.Page, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(joined(page), strings.ReplaceAll(text, " ", "")) {
			t.Errorf("no %q in %s", text, joined(page))
		}
	}
}

var numeric = regexp.MustCompile(`^(≥ )?[-+]?[0-9][0-9,]*(\.[0-9]+)?( ?%)?$`)

// TestNumbersAreRightAligned: each number of a table ends where its column's
// heading ends.
func TestNumbersAreRightAligned(t *testing.T) {
	r := portfolio{customers: 120, connections: 3, priced: true, history: true, managers: 4}.build(t)
	b, err := newBook(r, Options{}.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	doc, err := b.layOut()
	if err != nil {
		t.Fatal(err)
	}
	end := func(x canvas.Text) float64 { return x.X + b.faces.Shape(x.Text, x.Font, x.Size).Width }
	found := map[string]int{}
	for _, chapter := range []string{"Findings by rule", "License positions", appendix, "Waivers", "Method and data quality"} {
		for _, page := range chapterOf(t, doc, chapter) {
			for _, x := range texts(page) {
				if x.Size != listed.cell.size && x.Size != compact.cell.size || x.Y > footerLine-20 || x.Font != text.Regular || !numeric.MatchString(x.Text) {
					continue
				}
				if head := headOf(page, x, end); head == "" {
					t.Errorf("%s: %q at %.1f, %.1f stands under the end of no heading", chapter, x.Text, x.X, x.Y)
				} else {
					found[head]++
				}
			}
		}
	}
	for _, head := range []string{"Licenses", "Amount, EUR", "Acquired", "Used", "Overuse", "Surplus", "Findings", "Listed", "Pass", "Waived"} {
		if found[head] == 0 {
			t.Errorf("no number under %s (there are %v)", head, found)
		}
	}
}

// headOf is the last heading above a number that ends where it ends; ids of
// SBCs are no numbers and start where their heading starts.
func headOf(page *canvas.Page, x canvas.Text, end func(canvas.Text) float64) (head string) {
	for _, h := range texts(page) {
		if h.Size != label.size && h.Size != compact.label.size || h.Font != label.weight || h.Y > x.Y {
			continue
		}
		if math.Abs(end(h)-end(x)) < 0.05 || h.Text == "SBC" && h.X == x.X {
			head = h.Text
		}
	}
	return head
}

// TestUtilizationBar: its filled part is as long as the share says, up to the
// bar's end at 125 %, and what is over 100 % has the colour of alarm.
func TestUtilizationBar(t *testing.T) {
	b, err := newBook(portfolio{}.build(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ share, plain, over float64 }{
		{0, 0, 0}, {0.01, 0.01, 0}, {0.5, 0.5, 0}, {1, 1, 0}, {1.1, 1, 0.1}, {1.25, 1, 0.25}, {400, 1, 0.25},
	} {
		b.newPage()
		b.page.Ops = nil
		b.utilization(cell.Float(test.share), left+wide/2, 100)
		var rects []canvas.Rect
		for _, op := range b.page.Ops {
			if r, ok := op.(canvas.Rect); ok {
				rects = append(rects, r)
			}
		}
		full := rects[0].W / 1.25 // the whole bar is 125 %
		if got := rects[1].W / full; math.Abs(got-test.plain) > 1e-9 || rects[1].Fill != tint(b.accent, 0.75) {
			t.Errorf("%v: the bar is filled to %v, want %v", test.share, got, test.plain)
		}
		over := 0.0
		if len(rects) == 4 {
			over = rects[2].W / full
			if rects[2].Fill != severityColors[rules.High] || math.Abs(rects[2].X-rects[1].X-full) > 1e-9 {
				t.Errorf("%v: what is over is %+v", test.share, rects[2])
			}
		}
		if math.Abs(over-test.over) > 1e-9 {
			t.Errorf("%v: %v is over, want %v", test.share, over, test.over)
		}
		if mark := rects[len(rects)-1]; math.Abs(mark.X+mark.W/2-rects[0].X-full) > 1e-9 {
			t.Errorf("%v: the mark at 100 %% is %+v", test.share, mark)
		}
	}
}

// TestUsedMonths: a bar for each month as high as its peak, in the colour of alarm
// where that is above the acquired licenses, and an outline where too few days have
// data.
func TestUsedMonths(t *testing.T) {
	r := portfolio{customers: 1, usage: true}.build(t)
	months := tables.UsedMonths(&r.Customers[0])
	if len(months) != 12 {
		t.Fatalf("%d months", len(months))
	}
	b, err := newBook(r, Options{})
	if err != nil {
		t.Fatal(err)
	}
	b.newPage()
	b.page.Ops = nil
	b.usedMonths(months, 100)
	var bars []canvas.Rect
	outlines, dashes := 0, 0
	for _, op := range b.page.Ops {
		switch op := op.(type) {
		case canvas.Rect:
			bars = append(bars, op)
		case canvas.Path:
			if op.Color == grey {
				outlines++
			} else {
				dashes++
			}
		}
	}
	whole := slices.DeleteFunc(slices.Clone(months), func(m fetch.Month) bool { return !m.Enough() })
	if len(bars) != len(whole)+1 || outlines != 2 || dashes != 1 { // and the axis
		t.Fatalf("%d bars of %d whole months, %d outlines, %d dashed lines", len(bars), len(whole), outlines, dashes)
	}
	for i, m := range whole {
		if got, want := bars[i].H/bars[0].H, float64(m.Peak.N)/float64(whole[0].Peak.N); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s is %v as high as the first, want %v", m.Name(), got, want)
		}
		if over := m.Peak.N > m.Acquired.N; over != (bars[i].Fill == severityColors[rules.High]) {
			t.Errorf("%s: over the limit %v, but its colour is %v", m.Name(), over, bars[i].Fill)
		}
	}
}

// TestRuleSaysItsTextsOnce, however long its table is.
func TestRuleSaysItsTextsOnce(t *testing.T) {
	r := portfolio{customers: 900}.build(t)
	pages := chapterOf(t, layOut(t, r, Options{}), "Findings by rule")
	for _, i := range tables.RulesByAmount(r) {
		titles := 0
		for _, page := range pages {
			for _, x := range texts(page) {
				if x.Text == r.Rules[i].Title && x.Size == ruleSize {
					titles++
				}
			}
		}
		if titles != 1 {
			t.Errorf("%q heads %d tables", r.Rules[i].Title, titles)
		}
		for _, words := range []string{r.Rules[i].Why, r.Rules[i].Remediation} {
			if n := strings.Count(whole(pages), strings.ReplaceAll(words, " ", "")); n != 1 {
				t.Errorf("%q stands %d times", words, n)
			}
		}
	}
}

// TestWaiverRegister: each waiver is a row with all there is to say, the next
// to end first.
func TestWaiverRegister(t *testing.T) {
	r := portfolio{customers: 40, priced: true, history: true}.build(t)
	worth := decimal.New(1234550, -2)
	r.Waivers = append(r.Waivers, report.Waiver{Waiver: rules.Waiver{ID: "W-009", Rule: "over-license-usage", Customer: "harrow*", SIPConnection: "sip-7",
		Owner: "a.silva", Reason: "order 4711", Ticket: "LIC-90", Expires: rules.Date{Year: 2026, Month: 10, Day: 31}},
		State: rules.WaiverExpired, DaysLeft: -23, Findings: 1204, Amount: &worth})
	has(t, chapterOf(t, layOut(t, r, Options{}), "Waivers")[0], "Last day State What is waived Customers Findings Amount, EUR Owner and reason",
		"2026-11-30 unused 7 days left Few of the acquired licenses in use W-015, unused-licenses nobody 0 – j.doe pilot "+
			"2027-03-31 active 128 days left More active users than acquired licenses W-014, over-license-usage Customer 36 1 67.20 j.doe, LIC-88 migration until spring "+
			"2026-10-31 expired 23 days ago More active users than acquired licenses W-009, over-license-usage harrow* connection sip-7 1,204 12,345.50 a.silva, LIC-90 order 4711")
}
