// Package pdf lays a report out on pages, in the order of its parts. It computes
// nothing: what it shows is in tables. What draws the pages is in canvas, what
// shapes text in text.
package pdf

import (
	"fmt"
	"io"

	"trueup/report"
)

// DefaultMaxCustomers is Options.MaxCustomers where nothing else is said.
const DefaultMaxCustomers = 500

// Options bound the report and name fonts. The zero value is the default.
type Options struct {
	Fonts  []Font  // further TrueType fonts for what the embedded ones lack, asked in order
	System *System // fonts of the machine, asked last and read only when needed; nil for none

	MaxCustomers int // customers with a section of their own; 0 for DefaultMaxCustomers
	MaxPerRule   int // findings listed under their rule; 0 for 100
	MaxAbout     int // findings and connections listed in a customer's section; 0 for 20
	MaxListed    int // changes, waivers and rows about data quality; 0 for 200
}

func (o Options) withDefaults() Options {
	for _, d := range []struct {
		value *int
		other int
	}{{&o.MaxCustomers, DefaultMaxCustomers}, {&o.MaxPerRule, 100}, {&o.MaxAbout, 20}, {&o.MaxListed, 200}} {
		if *d.value == 0 {
			*d.value = d.other
		}
	}
	return o
}

// Write writes the report as a PDF. The same report, options and fonts give
// the same bytes. It never panics, whatever the names are.
func Write(w io.Writer, r *report.Report, o Options) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("lay out pdf: %v", fault)
		}
	}()
	b, err := newBook(r, o.withDefaults())
	if err != nil {
		return fmt.Errorf("lay out pdf: %w", err)
	}
	doc, err := b.layOut()
	if err != nil {
		return fmt.Errorf("lay out pdf: %w", err)
	}
	return doc.Write(w)
}
