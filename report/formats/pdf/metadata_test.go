package pdf

import (
	"bytes"
	"strings"
	"testing"

	pdfcpu "github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"trueup/report"
	"trueup/report/formats/pdf/canvas"
)

// TestMetadata reads what a file manager shows with a library of another maker.
func TestMetadata(t *testing.T) {
	const subject, date = "License compliance as of 2026-11-23 06:00 UTC", "D:20261123060000+00'00'"
	for name, test := range map[string]struct {
		change                 func(r *report.Report)
		title, author, subject string
	}{
		"plain":           {func(*report.Report) {}, "License compliance", "Example Telecom", subject},
		"no organization": {func(r *report.Report) { r.Organization = "" }, "License compliance", "trueup", subject},
		"every script": {func(r *report.Report) { r.Title, r.Organization = "Übersicht שלום", "北京 (a\\b)" },
			"Übersicht שלום", "北京 (a\\b)", subject},
		"sample": {func(r *report.Report) { r.Sample = true }, "License compliance", "Example Telecom", "SAMPLE: " + subject},
		"gap":    {func(r *report.Report) { r.Sources[0].Failed = "no answer" }, "License compliance", "Example Telecom", "INCOMPLETE: " + subject},
	} {
		r := portfolio{customers: 1}.build(t)
		test.change(r)
		info, err := pdfcpu.PDFInfo(bytes.NewReader(render(t, r, Options{})), name, nil, false, model.NewDefaultConfiguration())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if info.Title != test.title || info.Author != test.author || info.Subject != test.subject {
			t.Errorf("%s: title %q, author %q, subject %q", name, info.Title, info.Author, info.Subject)
		}
		if info.CreationDate != date || info.ModificationDate != date || info.Creator != "trueup 1.0.0" {
			t.Errorf("%s: created %s, changed %s with %q", name, info.CreationDate, info.ModificationDate, info.Creator)
		}
		if !info.Outlines || info.Encrypted || info.Tagged {
			t.Errorf("%s: outlines %v, encrypted %v, tagged %v", name, info.Outlines, info.Encrypted, info.Tagged)
		}
	}
}

// TestGapOnEveryPage: a report that lacks an instance's customers says which
// and that it is incomplete on every page, the first in a band across it.
func TestGapOnEveryPage(t *testing.T) {
	r := portfolio{customers: 30, connections: 2, priced: true, history: true, gap: "apac"}.build(t)
	doc := layOut(t, r, Options{})
	for i, page := range doc.Pages {
		marked, band := false, false
		for _, op := range page.Ops {
			switch x := op.(type) {
			case canvas.Text:
				marked = marked || x.Text == "INCOMPLETE · no customers from apac" && x.Y < headerLine && x.Color == white
			case canvas.Rect:
				band = band || x.W == pageWidth && x.Fill == alarm
			}
		}
		if !marked || band != (i == 0) {
			t.Errorf("page %d says that the report is incomplete: %v, in a band: %v", i+1, marked, band)
		}
	}
	has(t, doc.Pages[0], "INCOMPLETE: apac missing. True-up exposure", "Not the whole portfolio: 30 customers", "INCOMPLETE. No customers from apac.")
	for i, page := range layOut(t, portfolio{customers: 30, priced: true, history: true}.build(t), Options{}).Pages {
		if strings.Contains(joined(page), "INCOMPLETE") {
			t.Errorf("page %d of a whole report says INCOMPLETE", i+1)
		}
	}
}
