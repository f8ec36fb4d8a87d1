package xlsx

import (
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"trueup/fetch"
	"trueup/report"
	"trueup/report/tables"
)

// hostile are names that break workbooks, spreadsheets or their readers.
var hostile = []string{
	`=1+1`, `=HYPERLINK("https://example.com","x")`, `+cmd|' /C calc'!A0`, `-2+3`, `@SUM(A1)`, "\t=1+1", `'quoted`,
	`_x0041_`, `_x005F_x0041_`, `_X000D_`, "a\x00b\x01c\x1fd", "a\r\nb\tc", "\xff\xfe broken \xed\xa0\x80", "\uFFFE\uFFFF",
	`<b>&amp;</b>`, `]]>`, `<!-- x -->`, `&#0;`, `" onload="x`, `javascript:alert(1)`, `file:///etc/passwd`, `D'Alsace!A1`,
	"😀👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿", "𠀀𠮷野家", "שלום 123", "مرحبا ١٢٣", "हिन्दी", "ไทย", "한국어", "Ελληνικά", "Кириллица", "á́́́́", "user\u202Etxt.exe",
	" leading and trailing ", "   ", "00123", "1e5", "2026-11-23", "TRUE", "#REF!", "12345678901234567890", "a;b,c\"d",
	strings.Repeat("long name ", 4000), strings.Repeat("€", 40_000), strings.Repeat("😀", 20_000), strings.Repeat("_x0041_", 6000),
}

// hostileReport puts every such name wherever a name can go.
func hostileReport(t *testing.T) *report.Report {
	p := portfolio(len(hostile))
	for i, name := range hostile {
		c := &p.Customers[i]
		c.CustomerShortName, c.CustomerFullName, c.MsTenantId = fetch.TextOf(name), fetch.TextOf(name), fetch.TextOf(name)
		c.UmpCustomerGuid, c.Instance = name, name
		c.SiteLocation[0].Name, c.SiteLocation[1].ID = fetch.TextOf(name), fetch.TextOf(name)
		c.SiteLocation[1].SbcDeploymentState = fetch.TextOf(name)
		p.Problems = append(p.Problems, fetch.Problem{Kind: "odd", Text: name})
		p.Sources = append(p.Sources, fetch.Source{Name: name, URL: name, Failed: name})
	}
	r := modelOf(t, p, `EUR"; [Red]`)
	for i, name := range hostile {
		r.Findings[i%len(r.Findings)].Message = name
		r.Findings[i%len(r.Findings)].Owner = name
	}
	r.Title, r.Organization, r.Version, r.Manager = hostile[1], `A & B "&P" `+hostile[41], hostile[7], hostile[10]
	r.Branding.Confidentiality, r.Branding.Accent = hostile[14], `"/><x`
	r.Rules[0].Title, r.Rules[0].Why, r.Rules[0].When = hostile[0], hostile[12], hostile[14]
	return r
}

func TestHostileNames(t *testing.T) {
	t.Parallel()
	r := hostileReport(t)
	data, f := made(t, r, maxRows)
	checkPackage(t, data)
	rows, err := f.GetRows(tables.SheetCustomers, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range hostile {
		if got, want := rows[headRow+i][1], cellText(name); got != want {
			t.Errorf("customer %.40q reads %.40q, want %.40q", name, got, want)
		}
	}
}

func TestPackageRules(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*report.Report{"sample": sample(t), "empty": modelOf(t, fetch.Portfolio{}, ""), "full": full(t)} {
		for _, limit := range []int{maxRows, 7} {
			t.Run(name, func(t *testing.T) {
				data, _ := made(t, r, limit)
				checkPackage(t, data)
			})
		}
	}
}
