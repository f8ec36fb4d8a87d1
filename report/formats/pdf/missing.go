package pdf

import (
	"fmt"
	"strings"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/formats/pdf/text"
)

// MissingGlyphs is the kind of the problems that Missing gives.
const MissingGlyphs = "missing-glyphs"

const (
	maxMissing = 50 // customers named one by one
	maxListed  = 8  // characters named of one customer
)

// Missing gives one problem for each customer whose texts have characters
// that no font draws: the PDF shows a replacement there. After 50 customers
// the last problem counts the others.
func Missing(r *report.Report, o Options) ([]fetch.Problem, error) {
	faces, err := newFaces(o)
	if err != nil {
		return nil, fmt.Errorf("look for missing glyphs: %w", err)
	}
	var problems []fetch.Problem
	further := 0
	for i := range r.Customers {
		chars := missingOf(faces, &r.Customers[i])
		switch {
		case len(chars) == 0:
		case len(problems) < maxMissing:
			problems = append(problems, missingProblem(&r.Customers[i], chars))
		default:
			further++
		}
	}
	if further > 0 {
		problems = append(problems, fetch.Problem{Kind: MissingGlyphs,
			Text: fmt.Sprintf("%d more customers have characters that no font draws", further)})
	}
	return problems, nil
}

// missingOf lists the characters of a customer's texts that no font draws,
// each once, in the order they come.
func missingOf(faces *text.Faces, c *report.Customer) []rune {
	var chars []rune
	look := func(s string) {
		for _, char := range plain.Text(s) {
			if char > '~' && char != text.Replacement && faces.Missing(char) && !contains(chars, char) {
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
		look(s.SbcDeploymentState.S)
		look(s.SbcConfigurationType.S)
	}
	return chars
}

func contains(chars []rune, char rune) bool {
	return len(chars) > maxListed || strings.ContainsRune(string(chars), char)
}

func missingProblem(c *report.Customer, chars []rune) fetch.Problem {
	var names []string
	for _, char := range chars[:min(len(chars), maxListed)] {
		names = append(names, fmt.Sprintf("U+%04X", char))
	}
	list := strings.Join(names, ", ")
	if len(chars) > maxListed {
		list += " and others"
	}
	return fetch.Problem{Kind: MissingGlyphs, Instance: c.Instance, GUID: c.UmpCustomerGuid,
		Text: fmt.Sprintf("customer %s: no font draws %s; the PDF shows %c instead", plain.TextMax(c.UmpCustomerGuid, 80), list, text.Replacement)}
}
