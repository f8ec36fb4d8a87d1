package pdf

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/formats/pdf/canvas"
	"trueup/rules"
)

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

// chapterOf gives the pages of a chapter, by their running header.
func chapterOf(t *testing.T, doc *canvas.Document, title string) (pages []*canvas.Page) {
	t.Helper()
	for _, page := range doc.Pages {
		if slices.ContainsFunc(texts(page), func(x canvas.Text) bool { return x.Y == headerLine && x.Text == title }) {
			pages = append(pages, page)
		}
	}
	if len(pages) == 0 {
		t.Fatalf("no chapter %s", title)
	}
	return pages
}

func layOut(t *testing.T, r *report.Report, o Options) *canvas.Document {
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

// bookOf has a summary, contents and so many chapters of one page.
func bookOf(t *testing.T, chapters int) *book {
	t.Helper()
	b, err := newBook(portfolio{}.build(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	b.chapter("Summary")
	b.place(1, nil)
	b.chapter("Contents")
	b.contents()
	for i := range chapters {
		b.chapter(fmt.Sprintf("Chapter no. %d", i+1))
		b.place(1, nil)
	}
	b.number(b.toc.fill())
	return b
}

// bookOfPages has exactly so many pages.
func bookOfPages(t *testing.T, pages int) *book {
	t.Helper()
	for chapters := pages - 2; chapters >= 0; chapters-- {
		if b := bookOf(t, chapters); len(b.pages) == pages {
			return b
		}
	}
	t.Fatalf("no number of chapters gives %d pages", pages)
	return nil
}

func TestPageNumbers(t *testing.T) {
	for _, pages := range []int{9, 10, 99, 100, 1000} {
		t.Run(strconv.Itoa(pages), func(t *testing.T) {
			b := bookOfPages(t, pages)
			checkFooters(t, b.pages)
			checkContents(t, b)
		})
	}
}

func TestPageNumbersOfOnePage(t *testing.T) {
	b, err := newBook(portfolio{}.build(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	b.newPage()
	b.number(func(map[*canvas.Page]int) {})
	checkFooters(t, b.pages)
}

func checkFooters(t *testing.T, pages []*canvas.Page) {
	t.Helper()
	for i, page := range pages {
		all := texts(page)
		if got, want := all[len(all)-1].Text, fmt.Sprintf("Page %d of %d", i+1, len(pages)); got != want {
			t.Fatalf("page %d says %q, want %q", i+1, got, want)
		}
	}
}

// checkContents compares each number of the contents, each link and each
// bookmark with the page that has the chapter.
func checkContents(t *testing.T, b *book) {
	t.Helper()
	number := map[*canvas.Page]int{}
	at := map[string]int{} // chapter, page
	for i, page := range b.pages {
		number[page] = i + 1
		for _, text := range texts(page) {
			if text.Size == h1.size {
				at[text.Text] = i + 1
			}
		}
	}
	for _, e := range b.entries {
		if number[e.to.Page] != at[e.title] {
			t.Fatalf("%s: leads to page %d, is on %d", e.title, number[e.to.Page], at[e.title])
		}
	}
	printed := 0
	for _, page := range b.pages[1:] {
		all := texts(page)
		for _, row := range all {
			if !strings.HasPrefix(row.Text, "Chapter no.") || row.Size == h1.size || row.Y < top {
				continue
			}
			printed++
			if want := strconv.Itoa(at[row.Text]); !hasNumber(all, row, want) {
				t.Fatalf("contents: %s is on page %s, which stands nowhere beside it", row.Text, want)
			}
		}
	}
	if printed != len(b.entries)-2 {
		t.Fatalf("%d lines of contents for %d chapters", printed, len(b.entries)-2)
	}
}

// hasNumber looks for a number right of a row, in the same column.
func hasNumber(all []canvas.Text, row canvas.Text, want string) bool {
	return slices.ContainsFunc(all, func(t canvas.Text) bool {
		return t.Y == row.Y && t.X > row.X && t.Text == want
	})
}

func TestRealReportContents(t *testing.T) {
	doc := layOut(t, portfolio{customers: 200, connections: 2, priced: true, history: true}.build(), Options{})
	checkFooters(t, doc.Pages)
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
		if !strings.Contains(joined(doc.Pages[page]), strings.ReplaceAll(mark.Title, " ", "")) {
			t.Errorf("bookmark %q leads to page %d, which does not have it", mark.Title, page+1)
		}
	}
}

// TestNoHeadingAlone tries many lengths of what comes before a heading.
func TestNoHeadingAlone(t *testing.T) {
	for n := 1; n < 60; n++ {
		name := func(i int) string { return strings.Repeat(fmt.Sprintf("Customer %d ", i), 1+(i*n)%17) }
		doc := layOut(t, portfolio{customers: 2 * n, connections: 1 + n%7, name: name, history: n%2 == 0}.build(), Options{})
		for i, page := range doc.Pages[3:] {
			checkLastLine(t, i+4, page)
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
		if text.Y != footerLine && text.Y >= last.Y {
			last = text
		}
	}
	if last.Size >= h2.size || last.Size == label.size && last.Font == label.weight && last.Color == label.color {
		t.Errorf("page %d ends with the heading %q", number, last.Text)
	}
	if last.Y > bottom {
		t.Errorf("page %d runs over its foot: %q", number, last.Text)
	}
}

// TestNamesAreNeverCut wraps names with and without spaces.
func TestNamesAreNeverCut(t *testing.T) {
	long := strings.Repeat("Verwaltungsgesellschaft", 30)
	words := strings.Repeat("many words ", 60)
	name := func(i int) string { return []string{long, words}[i/5%2] + fmt.Sprint(i) }
	doc := layOut(t, portfolio{customers: 20, name: name}.build(), Options{})
	var all strings.Builder
	for _, page := range doc.Pages[3:] {
		all.WriteString(joined(page))
	}
	for i := 0; i < 20; i += 5 {
		if want := strings.ReplaceAll(name(i), " ", ""); strings.Count(all.String(), want) < 2 {
			t.Errorf("the name of customer %d is not whole under its rule and in its section", i)
		}
	}
}

func TestHeaderOnEveryPage(t *testing.T) {
	doc := layOut(t, portfolio{customers: 1, connections: 400}.build(), Options{MaxAbout: 1000})
	pages := 0
	for _, page := range doc.Pages {
		if text := joined(page); strings.Contains(text, "site3") && strings.Contains(text, "PendingDeleteSipTrunk") {
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

// TestCappedListsSayWhatIsLeft: each list that is cut names the rest.
func TestCappedListsSayWhatIsLeft(t *testing.T) {
	changes := portfolio{customers: 40, history: true}.build()
	for len(changes.Changes.Rows) < 201 {
		changes.Changes.Rows = append(changes.Changes.Rows, changes.Changes.Rows[0])
	}
	odd := portfolio{}.build()
	for i := range 5 {
		odd.Quality = append(odd.Quality, report.QualityRow{Kind: fmt.Sprint(i), Customer: -1, Text: "odd"})
	}
	for _, test := range []struct {
		r       *report.Report
		o       Options
		chapter string
		want    string
	}{
		{portfolio{customers: 100}.build(), Options{MaxPerRule: 3}, "Findings by rule", "17 more findings in the workbook."},
		{portfolio{customers: 100}.build(), Options{MaxPerRule: 19}, "Findings by rule", "1 more finding in the workbook."},
		{portfolio{customers: 31, connections: 2}.build(), Options{MaxAbout: 1}, "Customers", "2 more findings in the workbook."},
		{portfolio{customers: 1, connections: 400}.build(), Options{}, "Customers", "380 more connections in the workbook."},
		{changes, Options{}, "What changed", "1 more change in the workbook."},
		{odd, Options{MaxListed: 3}, "Method and data quality", "2 more rows in the workbook."},
		{portfolio{customers: 100}.build(), Options{MaxCustomers: 5}, "Customers", "31 of 100 customers with a finding"},
		{portfolio{customers: 100}.build(), Options{MaxCustomers: 5}, "Customers",
			"The 5 with the most severe findings have a section here; 26 customers are left to the workbook."},
	} {
		text := whole(chapterOf(t, layOut(t, test.r, test.o), test.chapter))
		if !strings.Contains(text, strings.ReplaceAll(test.want, " ", "")) {
			t.Errorf("%s with %+v does not say %q", test.chapter, test.o, test.want)
		}
	}
}

// TestInsideThePage: nothing stands outside the margins, whatever the names.
func TestInsideThePage(t *testing.T) {
	name := func(i int) string {
		return []string{strings.Repeat("W", 400), strings.Repeat("i ", 300), strings.Repeat("北", 200), strings.Repeat("(שלום ", 60), "x"}[i%5]
	}
	r := portfolio{customers: 40, connections: 3, name: name, priced: true, history: true}.build()
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
			width := b.faces.Shape(text.Text, text.Font, text.Size).Width
			if text.X < left-0.01 || text.X+width > right+0.5 {
				t.Errorf("page %d: %q stands from %.1f to %.1f", i+1, text.Text, text.X, text.X+width)
			}
		}
	}
}

func TestRowTallerThanAPage(t *testing.T) {
	r := portfolio{customers: 1}.build()
	r.Findings[0].Message = strings.Repeat("word ", 390)
	r.Quality = []report.QualityRow{{Kind: strings.Repeat("k", 1900), Customer: -1, Text: "end"}}
	doc := layOut(t, r, Options{})
	all := ""
	for i, page := range doc.Pages {
		all += joined(page)
		if i > 2 {
			checkLastLine(t, i+1, page)
		}
	}
	if strings.Count(all, "k") < 1900 {
		t.Error("a tall row is not whole")
	}
}

func TestHugeTextSaysThatItIsCut(t *testing.T) {
	r := portfolio{customers: 1, name: func(int) string { return strings.Repeat("n", 1_000_000) }}.build()
	doc := layOut(t, r, Options{})
	if len(doc.Pages) > 20 {
		t.Errorf("%d pages for one customer", len(doc.Pages))
	}
	all := ""
	for _, page := range doc.Pages {
		all += joined(page)
	}
	if !strings.Contains(all, "(998,000morecharactersintheworkbook)") {
		t.Error("does not say what was cut")
	}
}

func TestCoverNamesTheManager(t *testing.T) {
	r := portfolio{customers: 2}.build()
	r.Manager = "Ana Silva"
	cover := joined(layOut(t, r, Options{}).Pages[0])
	for _, want := range []string{"AnaSilva", "Theaccountmanager'scustomersonly:2customers"} {
		if !strings.Contains(cover, want) {
			t.Errorf("no %q on the cover: %s", want, cover)
		}
	}
}

func TestWaivedIsVisible(t *testing.T) {
	r := portfolio{customers: 1, history: true}.build()
	r.Findings[0].Verdict, r.Findings[0].Waiver = rules.Waived, 0
	r.Rules[1].Tally = rules.Tally{rules.Waived: 1}
	all := ""
	for _, page := range layOut(t, r, Options{}).Pages {
		all += joined(page)
	}
	if strings.Count(all, "WaivedbyW-014until2027-03-31:migrationuntilspring") != 2 {
		t.Error("the waiver does not stand with the finding, under its rule and in the customer's section")
	}
}

// TestUnknownIsNotZero: what is not known is shown as the word.
func TestUnknownIsNotZero(t *testing.T) {
	r := portfolio{customers: 1}.build()
	c := r.Customers[0].Customer
	c.LicensedUsersCount, c.ActiveUserCount = fetch.Count{State: fetch.Null}, fetch.Count{State: fetch.Absent}
	r.Customers[0].Delta, r.Customers[0].Utilization = nil, nil
	all := ""
	for _, page := range layOut(t, r, Options{}).Pages {
		all += joined(page)
	}
	if !strings.Contains(all, "AcquiredunknownUsedunknownDeltaunknown") {
		t.Errorf("unknown counts are not shown as such: %s", all)
	}
}
