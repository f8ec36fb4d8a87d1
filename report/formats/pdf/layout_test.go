package pdf

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/formats/pdf/canvas"
	"trueup/rules"
)

const appendix = "Appendix: customers"

// texts are a page's texts in the order they were drawn.
func texts(p *canvas.Page) []canvas.Text {
	var all []canvas.Text
	for _, op := range p.Ops {
		if t, ok := op.(canvas.Text); ok {
			all = append(all, t)
		}
	}
	return all
}

// joined is a page's text without any space, so that wrapping does not show.
func joined(p *canvas.Page) string {
	var b strings.Builder
	for _, t := range texts(p) {
		b.WriteString(strings.ReplaceAll(t.Text, " ", ""))
	}
	return b.String()
}

// whole is the text of several pages likewise.
func whole(pages []*canvas.Page) string {
	var b strings.Builder
	for _, page := range pages {
		b.WriteString(joined(page))
	}
	return b.String()
}

// chapterOf gives the pages of a part, from its title to the next one's.
func chapterOf(t *testing.T, doc *canvas.Document, title string) (pages []*canvas.Page) {
	t.Helper()
	for _, page := range doc.Pages {
		for _, x := range texts(page) {
			switch {
			case x.Size != h1.size:
			case x.Text == title:
				pages = append(pages, page)
			case len(pages) > 0 && pages[len(pages)-1] != page && x.Y > top+40: // the part goes on above this one
				return append(pages, page)
			case len(pages) > 0:
				return pages
			}
		}
		if len(pages) > 0 && pages[len(pages)-1] != page {
			pages = append(pages, page)
		}
	}
	if len(pages) == 0 {
		t.Fatalf("no part %s", title)
	}
	return pages
}

func layOut(t testing.TB, r *report.Report, o Options) *canvas.Document {
	t.Helper()
	b, err := newBook(r, o.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	doc, err := b.layOut()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// frontOf counts the pages before the appendix, as the first page says.
func frontOf(t *testing.T, doc *canvas.Document) int {
	t.Helper()
	for _, x := range texts(doc.Pages[0]) {
		if of, ok := strings.CutPrefix(x.Text, "Page 1 of "); ok {
			front, _ := strings.CutSuffix(of, " + appendix")
			n, err := strconv.Atoi(front)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatal("the first page has no number")
	return 0
}

// sizes are portfolios from none to large, with and without cover.
var sizes = map[string]struct {
	portfolio
	o Options
}{
	"empty":          {portfolio{}, Options{}},
	"clean":          {portfolio{customers: 40, clean: true, priced: true}, Options{}},
	"small":          {portfolio{customers: 20}, Options{}},
	"small, cover":   {portfolio{customers: 20, history: true}, Options{Cover: true}},
	"middle":         {portfolio{customers: 300, connections: 2, priced: true, history: true, managers: 5}, Options{}},
	"large":          {portfolio{customers: 1200, connections: 3, priced: true, history: true, managers: 30, rules: 60, waivers: 100}, Options{}},
	"large, cover":   {portfolio{customers: 1200, connections: 3, priced: true, history: true, managers: 30, rules: 60, waivers: 100}, Options{Cover: true}},
	"large, no past": {portfolio{customers: 1200, connections: 3, priced: true, managers: 30, rules: 60}, Options{}},
}

// TestPages: numbers, bookmarks and contents agree with the pages; before the
// appendix there are under ten of them, none of which is nearly empty.
func TestPages(t *testing.T) {
	for name, test := range sizes {
		t.Run(name, func(t *testing.T) {
			r := test.build(t)
			doc := layOut(t, r, test.o)
			checkFooters(t, doc)
			checkOutline(t, doc)
			checkContents(t, doc, test.o.Cover)
			checkFull(t, doc)
			for i, page := range doc.Pages {
				checkLastLine(t, i+1, page)
			}
			if front := frontOf(t, doc); front > 9 {
				t.Errorf("%d pages before the appendix", front)
			}
		})
	}
}

// TestUnderTenPages is the largest that anybody has, with hostile names.
func TestUnderTenPages(t *testing.T) {
	long := strings.Repeat("Verwaltungsgesellschaft ", 80)
	for name, m := range map[string]portfolio{
		"large":   {customers: 3000, connections: 2, priced: true, history: true, managers: 12, rules: 200, waivers: 500},
		"hostile": {customers: 400, connections: 2, priced: true, history: true, managers: 12, rules: 200, waivers: 500, name: func(int) string { return long }},
	} {
		r := m.build(t)
		if name == "hostile" {
			r.Title, r.Organization, r.Branding.Confidentiality = long, long, long
			for i := range r.Rules {
				r.Rules[i].Title, r.Rules[i].Why, r.Rules[i].Remediation = long, long, long
			}
			for i := range r.Findings {
				r.Findings[i].Message = long
			}
		}
		for _, cover := range []bool{false, true} {
			doc := layOut(t, r, Options{Cover: cover, MaxCustomers: 3})
			if front := frontOf(t, doc); front > 9 {
				t.Errorf("%s, cover %v: %d pages before the appendix", name, cover, front)
			}
			for i, page := range doc.Pages {
				checkLastLine(t, i+1, page)
			}
		}
	}
}

func checkFooters(t *testing.T, doc *canvas.Document) {
	t.Helper()
	front, total := frontOf(t, doc), len(doc.Pages)
	for i, page := range doc.Pages {
		want := fmt.Sprintf("Page %d of %d", i+1, front)
		switch {
		case i >= front:
			want = fmt.Sprintf("Page %d, appendix %d of %d", i+1, i+1-front, total-front)
		case total > front:
			want += " + appendix"
		}
		all := texts(page)
		if got := all[len(all)-1].Text; got != want {
			t.Fatalf("page %d says %q, want %q", i+1, got, want)
		}
	}
}

// checkOutline compares each bookmark with the page that it leads to.
func checkOutline(t *testing.T, doc *canvas.Document) {
	t.Helper()
	level := 0
	for i, mark := range doc.Outline {
		if mark.Level > level+1 || i == 0 && mark.Level != 0 {
			t.Errorf("bookmark %q: level %d after %d", mark.Title, mark.Level, level)
		}
		level = mark.Level
		page := slices.Index(doc.Pages, mark.To.Page)
		if page < 0 {
			t.Fatalf("bookmark %q leads nowhere", mark.Title)
		}
		if mark.Title != "Summary" && !strings.Contains(joined(doc.Pages[page]), strings.ReplaceAll(mark.Title, " ", "")) {
			t.Errorf("bookmark %q leads to page %d, which does not have it", mark.Title, page+1)
		}
	}
}

// checkContents: a long document has contents, with the number of each part's
// page and no customer; a short one has none.
func checkContents(t *testing.T, doc *canvas.Document, cover bool) {
	t.Helper()
	at := 1 // index of their page
	if cover {
		at = 0
	}
	lines := map[string]string{}
	all := texts(doc.Pages[at])
	for i, x := range all[:len(all)-1] {
		if next := all[i+1]; x.Y == next.Y && x.Y > top && (x.Size == body.size || x.Size == cellSt.size) {
			lines[x.Text] = next.Text
		}
	}
	if frontOf(t, doc) <= shortFront {
		if _, ok := lines["Method and data quality"]; ok {
			t.Error("a short document has contents")
		}
		return
	}
	for _, mark := range doc.Outline {
		if mark.Title == "Contents" || mark.Level > 0 {
			continue
		}
		if want := strconv.Itoa(slices.Index(doc.Pages, mark.To.Page) + 1); lines[mark.Title] != want {
			t.Errorf("the contents have %s on page %s, it is on %s", mark.Title, lines[mark.Title], want)
		}
	}
	for title := range lines {
		if strings.HasPrefix(title, "Customer ") {
			t.Errorf("the contents list %s", title)
		}
	}
}

// checkFull: no page is less than a third full but the last of a part.
func checkFull(t *testing.T, doc *canvas.Document) {
	t.Helper()
	for i, page := range doc.Pages[:len(doc.Pages)-1] {
		lowest, part := 0.0, false
		for _, x := range texts(page) {
			if x.Y < footerLine-17 {
				lowest = max(lowest, x.Y)
			}
		}
		for _, x := range texts(doc.Pages[i+1]) {
			part = part || x.Size == h1.size && x.Y < top+40
		}
		if !part && lowest < top+(bottom-top)/3 {
			t.Errorf("page %d ends at %.0f of %.0f", i+1, lowest, bottom)
		}
	}
}

// TestNoHeadingAlone tries many lengths of what comes before a heading.
func TestNoHeadingAlone(t *testing.T) {
	for n := 1; n < 60; n++ {
		name := func(i int) string { return strings.Repeat(fmt.Sprintf("Customer %d ", i), 1+(i*n)%17) }
		doc := layOut(t, portfolio{customers: 2 * n, connections: 1 + n%7, name: name, history: n%2 == 0}.build(t), Options{})
		for i, page := range doc.Pages {
			checkLastLine(t, i+1, page)
		}
		if t.Failed() {
			t.Fatalf("with %d customers", 2*n)
		}
	}
}

func checkLastLine(t *testing.T, number int, page *canvas.Page) {
	t.Helper()
	var last canvas.Text
	for _, text := range texts(page) {
		if text.Y < footerLine-17 && text.Y >= last.Y {
			last = text
		}
	}
	letters := strings.ContainsFunc(last.Text, unicode.IsLetter) // the contents end with a number
	heading := letters && (last.Size == h1.size || last.Size == h2.size || last.Size == h3.size && last.Font == h3.weight || last.Size == nameSize)
	if heading || last.Size == label.size && last.Font == label.weight && last.Color == label.color {
		t.Errorf("page %d ends with the heading %q", number, last.Text)
	}
	if last.Y > bottom {
		t.Errorf("page %d runs over its foot: %q", number, last.Text)
	}
}

// TestNamesAreNeverCut in the appendix, with and without spaces.
func TestNamesAreNeverCut(t *testing.T) {
	long := strings.Repeat("Verwaltungsgesellschaft", 30)
	words := strings.Repeat("many words ", 60)
	name := func(i int) string { return []string{long, words}[i/5%2] + fmt.Sprint(i) }
	all := whole(chapterOf(t, layOut(t, portfolio{customers: 20, name: name}.build(t), Options{}), appendix))
	for i := 0; i < 20; i += 5 {
		if want := strings.ReplaceAll(name(i), " ", ""); !strings.Contains(all, want) {
			t.Errorf("the name of customer %d is not whole above its section", i)
		}
	}
}

// TestNoNameIsTheGUID: a customer without a name shows its GUID.
func TestNoNameIsTheGUID(t *testing.T) {
	for _, name := range []string{"", " ", "\u200b\u00a0"} {
		r := portfolio{customers: 1, name: func(int) string { return name }}.build(t)
		r.Customers[0].CustomerShortName = fetch.Text{State: fetch.Null}
		for _, x := range texts(chapterOf(t, layOut(t, r, Options{}), appendix)[0]) {
			if x.Size == nameSize && x.Text != r.Customers[0].UmpCustomerGuid {
				t.Errorf("%q is called %q", name, x.Text)
			}
		}
	}
}

func TestHeaderOnEveryPage(t *testing.T) {
	r := portfolio{customers: 1, connections: 400}.build(t)
	for i := range r.Connections {
		r.Connections[i].SbcConfigurationType = fetch.TextOf(fmt.Sprint("type", i)) // none alike
	}
	pages := 0
	for _, page := range layOut(t, r, Options{MaxAbout: 1000}).Pages {
		if text := joined(page); strings.Contains(text, "site3") && strings.Contains(text, "PendingDeletetype") {
			pages++
			if !strings.Contains(text, "ConnectionSBCDeploymentstate") {
				t.Errorf("a page of the connections has no header")
			}
			if pages > 1 && !strings.Contains(text, "Customer0continued") {
				t.Errorf("a further page does not name the customer")
			}
		}
	}
	if pages < 5 {
		t.Errorf("400 connections on %d pages", pages)
	}
}

// TestConnectionsAlikeAreGrouped: what is the same of many is said once, and
// those that differ are listed.
func TestConnectionsAlikeAreGrouped(t *testing.T) {
	r := portfolio{customers: 1, connections: 60}.build(t)
	for i := range r.Connections {
		r.Connections[i].SbcID = fetch.CountOf(7)
	}
	for i, state := range []string{"Failed", "Failed", "Pending"} {
		r.Connections[10+i].SbcDeploymentState = fetch.TextOf(state)
	}
	page := chapterOf(t, layOut(t, r, Options{}), appendix)[0]
	has(t, page, "60 of 60 SIP connections, listed below", "57 of 60 site 0, site 1, site 2 and 54 more 7 PendingDelete SipTrunk undeployed-sbc",
		"site 10 7 Failed", "site 11 7 Failed", "site 12 7 Pending")
	if strings.Contains(joined(page), "site13") {
		t.Error("one that is like the others is listed")
	}
}

// TestCappedListsSayWhatIsLeft: each list that is cut names the rest.
func TestCappedListsSayWhatIsLeft(t *testing.T) {
	odd := portfolio{customers: 9}.build(t)
	for i := range 50 {
		odd.Quality = append(odd.Quality, report.QualityRow{Kind: fmt.Sprint(i), Customer: -1, Text: "odd"})
	}
	large := portfolio{customers: 900, priced: true, history: true, waivers: 60}.build(t)
	different := portfolio{customers: 1, connections: 400}.build(t)
	for i := range different.Connections {
		different.Connections[i].SbcConfigurationType = fetch.TextOf(fmt.Sprint(i))
	}
	for _, test := range []struct {
		r       *report.Report
		o       Options
		chapter string
		want    string
	}{
		{different, Options{}, appendix, "380 more connections in the workbook."},
		{odd, Options{}, "Method and data quality", "26 more rows in the workbook."},
		{large, Options{}, "Waivers", "12 of 62 shown: EUR "},
		{large, Options{MaxCustomers: 5}, appendix, "5 of 348 shown: EUR 399.00 of 5,279.40 exposure and unused value; all in the workbook."},
		{portfolio{customers: 900}.build(t), Options{MaxCustomers: 5}, appendix, "5 of 359 shown: 95 of 1,400 licenses over; all in the workbook."},
	} {
		text := whole(chapterOf(t, layOut(t, test.r, test.o), test.chapter))
		if !strings.Contains(text, strings.ReplaceAll(test.want, " ", "")) {
			t.Errorf("%s with %+v does not say %q: %s", test.chapter, test.o, test.want, text)
		}
	}
}

// TestInsideThePage: nothing stands outside the margins, whatever the names.
func TestInsideThePage(t *testing.T) {
	name := func(i int) string {
		return []string{strings.Repeat("W", 400), strings.Repeat("i ", 300), strings.Repeat("北", 200), strings.Repeat("(שלום ", 60), "x"}[i%5]
	}
	r := portfolio{customers: 40, connections: 3, name: name, priced: true, history: true, managers: 3}.build(t)
	b, err := newBook(r, Options{}.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	doc, err := b.layOut()
	if err != nil {
		t.Fatal(err)
	}
	for i, page := range doc.Pages {
		for _, text := range texts(page) {
			width := b.faces.Shape(text.Text, min(text.Font, 1), text.Size).Width
			if text.X < left-0.01 || text.X+width > right+0.5 {
				t.Errorf("page %d: %q stands from %.1f to %.1f", i+1, text.Text, text.X, text.X+width)
			}
		}
	}
}

func TestRowTallerThanAPage(t *testing.T) {
	r := portfolio{customers: 1}.build(t)
	r.Findings[0].Message = strings.Repeat("word ", 390) + strings.Repeat("k", 40)
	r.Rules[r.Findings[0].Rule].Title = strings.Repeat("t", 1900)
	pages := chapterOf(t, layOut(t, r, Options{}), appendix)
	all := whole(pages)
	if strings.Count(all, "t") < 1900 || strings.Count(all, "k") < 40 {
		t.Error("a tall row is not whole")
	}
	for i, page := range pages {
		checkLastLine(t, i, page)
	}
}

func TestHugeTextSaysThatItIsCut(t *testing.T) {
	r := portfolio{customers: 1, name: func(int) string { return strings.Repeat("n", 1_000_000) }}.build(t)
	doc := layOut(t, r, Options{})
	if len(doc.Pages) > 20 {
		t.Errorf("%d pages for one customer", len(doc.Pages))
	}
	if !strings.Contains(whole(doc.Pages), "(998,000morecharactersintheworkbook)") {
		t.Error("does not say what was cut")
	}
}

func TestWaivedIsVisible(t *testing.T) {
	r := portfolio{customers: 1, history: true}.build(t)
	r.Findings[0].Verdict, r.Findings[0].Waiver = rules.Waived, 0
	doc := layOut(t, r, Options{})
	for _, part := range []string{"Findings by rule", appendix} {
		if !strings.Contains(whole(chapterOf(t, doc, part)), "WaivedbyW-014until2027-03-31:migrationuntilspring") {
			t.Errorf("%s does not say who waived", part)
		}
	}
}

// TestUnknownIsNotZero: what is not known is shown as the word.
func TestUnknownIsNotZero(t *testing.T) {
	r := portfolio{customers: 1}.build(t)
	c := r.Customers[0].Customer
	c.LicensedUsersCount, c.ActiveUserCount = fetch.Count{State: fetch.Null}, fetch.Count{State: fetch.Absent}
	r.Customers[0].Used, r.Customers[0].Delta, r.Customers[0].Utilization = c.ActiveUserCount, nil, nil
	has(t, chapterOf(t, layOut(t, r, Options{}), appendix)[0], "Acquired unknown Used unknown Delta unknown")
}

// TestSectionsAreByAmount, and the bookmarks by name.
func TestSectionsAreByAmount(t *testing.T) {
	names := []string{"Zeta", "émile", "alpha", "Écho", "Beta", "Delta"}
	r := portfolio{customers: 120, priced: true, name: func(i int) string { return names[i%6] + fmt.Sprintf(" %03d", i) }}.build(t)
	doc := layOut(t, r, Options{})
	var last *report.Customer
	for _, page := range chapterOf(t, doc, appendix) {
		for _, x := range texts(page) {
			if x.Size != nameSize {
				continue
			}
			c := &r.Customers[slices.IndexFunc(r.Customers, func(c report.Customer) bool { return c.Name() == x.Text })]
			if last != nil && c.Exposure.GreaterThan(*last.Exposure) {
				t.Errorf("%s with %s stands after %s with %s", c.Name(), c.Exposure, last.Name(), last.Exposure)
			}
			last = c
		}
	}
	var marks []string
	for _, mark := range doc.Outline {
		if word, _, _ := strings.Cut(mark.Title, " "); slices.Contains(names, word) && (len(marks) == 0 || marks[len(marks)-1] != word) {
			marks = append(marks, word)
		}
	}
	if !slices.Equal(marks, []string{"alpha", "Beta", "Delta", "Écho", "émile", "Zeta"}) {
		t.Errorf("bookmarks are in the order %v", marks)
	}
}
