package pdf

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"trueup/report"
	"trueup/report/cell"
	"trueup/report/formats/pdf/canvas"
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
	r := portfolio{customers: 120, connections: 3, priced: true, history: true}.build()
	r.Managers = []report.Manager{{Name: "Ana Silva", Customers: 7, Findings: 12}, {Name: "Ben Okoye", Customers: 113}}
	r.Waivers[0].DaysLeft = -1
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
	for _, chapter := range []string{"Findings by rule", "License positions", "Customers", "Waivers", "Method and data quality"} {
		for _, page := range chapterOf(t, doc, chapter) {
			for _, x := range texts(page) {
				if x.Size != cellSt.size || !numeric.MatchString(x.Text) {
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
	for _, head := range []string{"Quantity", "Amount, EUR", "Acquired", "Used", "Delta", "Utilization", "Overuse", "Surplus", "Customers", "Findings", "Days left", "Listed", "Pass", "Waived"} {
		if found[head] == 0 {
			t.Errorf("no number under %s (there are %v)", head, found)
		}
	}
}

// headOf is the last heading above a number that ends where it ends; ids of
// SBCs are no numbers and start where their heading starts.
func headOf(page *canvas.Page, x canvas.Text, end func(canvas.Text) float64) (head string) {
	for _, h := range texts(page) {
		if h.Size != label.size || h.Font != label.weight || h.Y > x.Y {
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
	b, err := newBook(portfolio{}.build(), Options{})
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

// TestRuleSaysItsTextsOnce, however long its table is.
func TestRuleSaysItsTextsOnce(t *testing.T) {
	r := portfolio{customers: 900}.build()
	pages := chapterOf(t, layOut(t, r, Options{MaxPerRule: 1000}), "Findings by rule")
	if len(pages) < 4 {
		t.Fatalf("only %d pages of findings", len(pages))
	}
	for _, rule := range r.Rules[:2] {
		for _, words := range []string{rule.Title, rule.Why, rule.Remediation} {
			if n := strings.Count(whole(pages), strings.ReplaceAll(words, " ", "")); n != 1 {
				t.Errorf("%q stands %d times", words, n)
			}
		}
	}
}

// TestWaiverRegister: each waiver is a row with all there is to say.
func TestWaiverRegister(t *testing.T) {
	r := portfolio{customers: 4, priced: true, history: true}.build()
	worth := decimal.New(1234550, -2)
	r.Rules[0].Quantity = "1"
	r.Waivers = append(r.Waivers, report.Waiver{Waiver: rules.Waiver{ID: "W-015", Rule: "over-license-usage", Customer: "harrow*", SIPConnection: "sip-7",
		Owner: "a.silva", Reason: "order 4711", Ticket: "LIC-88", Expires: rules.Date{Year: 2026, Month: 10, Day: 31}},
		State: rules.WaiverExpired, DaysLeft: -23, Findings: 1204, Amount: &worth})
	pages := chapterOf(t, layOut(t, r, Options{}), "Waivers")
	has(t, pages[0], "Waiver State Rule Findings Amount, EUR Expires Days left Owner",
		"W-014 unused unused-licenses cust_* 0 – 2027-03-31 128 j.doe migration until spring",
		"W-015 expired over-license-usage harrow* connection sip-7 1,204 12,345.50 2026-10-31 -23 a.silva order 4711 LIC-88")
}
