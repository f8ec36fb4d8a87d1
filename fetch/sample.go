package fetch

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

//go:embed sample.json
var sampleList string

// Sample is a portfolio of invented customers, in which every built-in rule
// finds something, for newcomers and for tests. It is always the same.
func Sample() Portfolio {
	return sampleOf(strings.NewReader(sampleList), time.Date(2026, time.November, 1, 6, 0, 0, 0, time.UTC))
}

// sampleMonths are the months before the sample's, the newest first, each as
// its differences from the month after it.
//
//go:embed sample_months.json
var sampleMonths []byte

// sampleCustomer has a customer's fields as the API sends them.
type sampleCustomer map[string]jsontext.Value

type sampleMonth struct {
	AsOf time.Time `json:"asOf"`
	// Customers by short name: what was otherwise, or null for one that was
	// not there yet. One that the month after does not have is given whole.
	Customers map[string]sampleCustomer `json:"customers"`
}

// SampleMonths are the sample's customers in the four months before Sample's,
// oldest first: enough for changes, a trend and its reasons.
func SampleMonths() []Portfolio {
	months, err := decodeSampleMonths()
	if err != nil {
		panic("the built-in sample's months are unreadable: " + err.Error()) // as above
	}
	return months
}

func decodeSampleMonths() (months []Portfolio, err error) {
	var differences []sampleMonth
	if err := json.Unmarshal(sampleMonths, &differences); err != nil {
		return nil, err
	}
	var list []sampleCustomer
	if err := json.Unmarshal([]byte(sampleList), &list); err != nil {
		return nil, err
	}
	for _, month := range differences {
		list = month.apply(list)
		data, err := json.Marshal(list)
		if err != nil {
			return nil, fmt.Errorf("month %s: %w", month.AsOf.Format(time.DateOnly), err)
		}
		months = append(months, sampleOf(bytes.NewReader(data), month.AsOf))
	}
	slices.Reverse(months)
	return months, nil
}

// apply is the month's list, made from that of the month after it.
func (m *sampleMonth) apply(after []sampleCustomer) (list []sampleCustomer) {
	left := maps.Clone(m.Customers)
	for _, c := range after {
		name := strings.Trim(string(c["CustomerShortName"]), `"`)
		difference, differs := left[name]
		delete(left, name)
		if differs && difference == nil {
			continue
		}
		before := maps.Clone(c)
		maps.Copy(before, difference)
		list = append(list, before)
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		list = append(list, left[name])
	}
	return list
}

func sampleOf(r io.Reader, asOf time.Time) Portfolio {
	p, err := Decode(r, DecodeOptions{Source: "sample"})
	if err != nil {
		panic("the built-in sample is unreadable: " + err.Error()) // it is part of the program, and tested
	}
	p.Sample, p.AsOf = true, asOf
	return p
}
