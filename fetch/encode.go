package fetch

import (
	"maps"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// appendCustomer writes a customer as a snapshot holds it: the documented
// fields in the API's order and spelling, absent ones left out. Unreadable
// ones are left out too; "unreadable" lists their raw JSON.
func appendCustomer(b []byte, c *Customer) []byte {
	b = append(b, '{')
	if c.Instance != "" {
		b = appendText(appendName(b, fieldInstance), TextOf(c.Instance))
	}
	b = appendText(appendName(b, fieldGUID), TextOf(c.UmpCustomerGuid))
	for _, f := range customerFields {
		if t := c.text(f); t != nil && written(t.State) {
			b = appendText(appendName(b, f), *t)
		}
		if n := c.count(f); n != nil && written(n.State) {
			b = appendCount(appendName(b, f), *n)
		}
	}
	if written(c.Sites) {
		b = appendSites(appendName(b, fieldSites), c)
	}
	if len(c.Raw) > 0 {
		b = appendObject(appendName(b, fieldUnreadable), c.Raw, appendString)
	}
	if c.Usage != nil {
		b = appendUsage(appendName(b, fieldUsage), c.Usage)
	}
	return append(b, '}')
}

func written(s State) bool { return s == Known || s == Null }

func appendSites(b []byte, c *Customer) []byte {
	if c.Sites == Null {
		return append(b, "null"...)
	}
	b = append(b, '[')
	for i := range c.SiteLocation {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendConnection(b, &c.SiteLocation[i])
	}
	return append(b, ']')
}

func appendConnection(b []byte, s *SIPConnection) []byte {
	b = append(b, '{')
	for _, f := range connectionFields {
		if f == fieldSbcID {
			if written(s.SbcID.State) {
				b = appendCount(appendName(b, f), s.SbcID)
			}
		} else if t := s.text(f); written(t.State) {
			b = appendText(appendName(b, f), *t)
		}
	}
	return append(b, '}')
}

// appendObject appends a map, its names in order.
func appendObject[V any](b []byte, values map[string]V, value func([]byte, V) []byte) []byte {
	b = append(b, '{')
	for i, name := range slices.Sorted(maps.Keys(values)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendText(b, TextOf(name)), ':')
		b = value(b, values[name])
	}
	return append(b, '}')
}

func appendString(b []byte, s string) []byte { return appendText(b, TextOf(s)) }

func appendName(b []byte, f field) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	b = append(b, '"')
	b = append(b, f.String()...)
	return append(b, `":`...)
}

func appendText(b []byte, t Text) []byte {
	switch {
	case t.State == Null:
		return append(b, "null"...)
	case t.Number:
		return append(b, t.S...)
	}
	b, _ = jsontext.AppendQuote(b, t.S) // its error only tells of invalid UTF-8, which it replaces
	return b
}

func appendCount(b []byte, n Count) []byte {
	if n.State == Null {
		return append(b, "null"...)
	}
	return strconv.AppendInt(b, n.N, 10)
}
