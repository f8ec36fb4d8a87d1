// Package formats holds the formats of the report: one entry in a list and one
// file each. Every writer lays out the same read-only model.
package formats

import (
	"io"
	"slices"
	"time"

	"trueup/report"
	"trueup/report/formats/pdf"
	"trueup/report/formats/xlsx"
)

// Options are what single formats need beside the report.
type Options struct {
	PDF   pdf.Options
	Books *xlsx.Books // what the workbooks of a run share; nil for one alone
}

// format is one way to write the report: its name for --format and the files
// that it makes.
type format struct {
	name  string
	parts []part
}

type part struct {
	suffix string // after license-compliance-YYYY-MM-DD
	write  func(w io.Writer, r *report.Report, o Options) error
}

// formats are all formats; a new one is an entry here.
var formats = [...]format{
	{"xlsx", []part{{".xlsx", func(w io.Writer, r *report.Report, o Options) error { return o.Books.Write(w, r) }}}},
	{"pdf", []part{{".pdf", func(w io.Writer, r *report.Report, o Options) error { return pdf.Write(w, r, o.PDF) }}}},
	{"csv", csvParts()},
	{"json", []part{{".json", alone(WriteJSON)}}},
	{"junit", []part{{".junit.xml", alone(WriteJUnit)}}},
	{"md", []part{{".md", alone(WriteMarkdown)}}},
}

func alone(write func(io.Writer, *report.Report) error) func(io.Writer, *report.Report, Options) error {
	return func(w io.Writer, r *report.Report, _ Options) error { return write(w, r) }
}

func csvParts() []part {
	var parts []part
	for _, s := range CSVSheets() {
		parts = append(parts, part{s.Suffix + ".csv", alone(func(w io.Writer, r *report.Report) error {
			return WriteCSV(w, r, s.Sheet)
		})})
	}
	return parts
}

// Formats are the names of all formats, as --format takes them.
func Formats() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// File is one file of the report, yet to be written.
type File struct {
	Name  string // with slashes
	Write func(w io.Writer) error
}

// Files are the report's files in some formats, in the order of the list of
// formats. Each stands in folder, "" for the top one; a pack's names the account
// manager.
func Files(r *report.Report, names []string, folder string, o Options) []File {
	slug := ""
	if r.Manager != "" {
		slug = report.Slug(r.Manager)
	}
	base := folder + baseName(r.AsOf.Format(time.DateOnly), slug)
	var list []File
	for _, f := range formats {
		if !slices.Contains(names, f.name) {
			continue
		}
		for _, p := range f.parts {
			list = append(list, File{
				Name:  base + p.suffix,
				Write: func(w io.Writer) error { return p.write(w, r, o) },
			})
		}
	}
	return list
}

// Names are the files that a day's report, YYYY-MM-DD, can have, in all formats.
// The slug is that of a pack's account manager, "" for the book.
func Names(day, slug string) (names []string) {
	for _, f := range formats {
		for _, p := range f.parts {
			names = append(names, baseName(day, slug)+p.suffix)
		}
	}
	return names
}

func baseName(day, slug string) string {
	if slug != "" {
		day += "-" + slug
	}
	return "license-compliance-" + day
}
