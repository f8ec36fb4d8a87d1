package pdf

import (
	"fmt"
	"strings"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/formats/pdf/text"
)

// MissingGlyphs is the kind of the problem that Missing gives.
const MissingGlyphs = "missing-glyphs"

const (
	namedMissing = 3 // customers named of those whose names cannot be drawn
	shownMissing = 8 // characters named of them
)

// Missing gives one problem if some customers' texts have characters that no
// font draws: the PDF shows a replacement there.
func Missing(r *report.Report, o Options) ([]fetch.Problem, error) {
	faces, err := newFaces(o)
	if err != nil {
		return nil, fmt.Errorf("look for missing glyphs: %w", err)
	}
	var chars []rune
	var customers []string
	count := 0
	known := map[rune]bool{}
	for i := range r.Customers {
		missing := missingOf(faces, &r.Customers[i])
		if len(missing) == 0 {
			continue
		}
		if count++; count <= namedMissing {
			customers = append(customers, plain.TextMax(r.Customers[i].UmpCustomerGuid, 80))
		}
		for _, char := range missing {
			if !known[char] {
				known[char] = true
				chars = append(chars, char)
			}
		}
	}
	if count == 0 {
		return nil, nil
	}
	return []fetch.Problem{{Kind: MissingGlyphs, Text: fmt.Sprintf("no font draws %s in the texts of %s (%s): the PDF shows %c instead",
		codePoints(chars), plain.Counted(count, "customer"), andMore(customers, count), text.Replacement)}}, nil
}

// codePoints names the first of some characters.
func codePoints(chars []rune) string {
	var names []string
	for _, char := range chars[:min(len(chars), shownMissing)] {
		names = append(names, fmt.Sprintf("U+%04X", char))
	}
	return andMore(names, len(chars))
}

func andMore(names []string, of int) string {
	words := strings.Join(names, ", ")
	if more := of - len(names); more > 0 {
		words += " and " + plain.Number(more) + " more"
	}
	return words
}

// missingOf lists the characters of a customer's texts that no font draws, in
// the order they come.
func missingOf(faces *text.Faces, c *report.Customer) (chars []rune) {
	look := func(s string) {
		if plain.IsPlain(s) {
			return
		}
		for _, char := range plain.Text(s) {
			if char > '~' && char != text.Replacement && faces.Missing(char) {
				chars = append(chars, char)
			}
		}
	}
	look(c.CustomerFullName.S)
	look(c.CustomerShortName.S)
	look(c.UmpCustomerGuid)
	look(c.MsTenantId.S)
	look(c.Manager)
	for i := range c.SiteLocation {
		s := &c.SiteLocation[i]
		look(s.Name.S)
		look(s.SbcDeploymentState.Shown())
		look(s.SbcConfigurationType.Shown())
	}
	return chars
}
