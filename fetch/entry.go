package fetch

import (
	"fmt"
	"slices"
	"strings"

	"trueup/fetch/plain"

	"github.com/go-json-experiment/json/jsontext"
)

// customer reads one entry of the list.
func (d *decoder) customer() (Customer, error) {
	c := Customer{Instance: d.opt.Instance}
	switch d.json.PeekKind() {
	case '{':
	case jsontext.KindInvalid:
		_, err := d.json.ReadToken()
		return c, d.syntax(err)
	default:
		return c, d.fail("the entry is not an object", "")
	}
	d.replaced, d.stored = nil, nil
	fields := customerFields
	if d.snapshot {
		fields = snapshotFields
	}
	if err := d.object(fields, func(f field) error { return d.customerField(&c, f) }); err != nil {
		return c, err
	}
	if strings.TrimSpace(c.UmpCustomerGuid) == "" {
		return c, d.fail("the customer has no UmpCustomerGuid", "")
	}
	if d.snapshot {
		return c, d.restore(&c)
	}
	for _, name := range d.replaced { // the decoded customer does not show it
		d.problems = append(d.problems, problem("replaced-characters", &c,
			": %s held bytes that are no characters: they are shown as \uFFFD", name))
	}
	return c, nil
}

// object reads one object and calls visit at the value of each known field. A
// known field that appears twice is refused: either value could be the right one.
func (d *decoder) object(fields []field, visit func(field) error) error {
	if _, err := d.json.ReadToken(); err != nil {
		return d.syntax(err)
	}
	var seen uint32
	next := 0 // where the next one is among the fields, if they come in that order
	for d.json.PeekKind() != '}' {
		raw, err := d.json.ReadValue()
		if err != nil {
			return d.syntax(err)
		}
		f := findName(raw, fields[next:])
		if f == noField && next > 0 {
			f = findName(raw, fields[:next])
		}
		switch {
		case f == noField && d.snapshot:
			return d.fail("the snapshot has a field that this version does not write: "+rawOf(raw), adviceEdited)
		case f == noField:
			if err := d.json.SkipValue(); err != nil {
				return d.syntax(err)
			}
			continue
		case seen&(1<<f) != 0:
			return d.fail(fmt.Sprintf("%s appears twice", f), "")
		}
		seen |= 1 << f
		next = slices.Index(fields, f) + 1
		if err := visit(f); err != nil {
			return err
		}
	}
	_, err := d.json.ReadToken()
	return d.syntax(err)
}

func findName(raw jsontext.Value, fields []field) field {
	if f := findField(raw[1:len(raw)-1], fields); f != noField {
		return f
	}
	if slices.Contains(raw, '\\') {
		name, _ := jsontext.AppendUnquote(nil, raw)
		return findField(name, fields)
	}
	return noField
}

func (d *decoder) customerField(c *Customer, f field) error {
	if f == fieldSites && d.json.PeekKind() == '[' {
		return d.siteLocation(c)
	}
	if f == fieldUnreadable {
		return d.storedValues()
	}
	raw, err := d.json.ReadValue()
	if err != nil {
		return d.syntax(err)
	}
	if f == fieldUsage {
		if c.Usage, err = parseUsage(raw); err != nil {
			return d.fail(err.Error(), adviceEdited)
		}
		return nil
	}
	if n := c.count(f); n != nil {
		*n = toCount(raw)
		if f == fieldLicenseType {
			*n = toType(raw)
		}
		d.keepRaw(c, n.State, f.String(), raw)
		return nil
	}
	if t := c.text(f); t != nil {
		*t = d.readText(raw, f, f)
		d.keepRaw(c, t.State, f.String(), raw)
		return nil
	}
	return d.identity(c, f, raw)
}

// identity reads the fields that are neither counts nor texts with a State.
func (d *decoder) identity(c *Customer, f field, raw jsontext.Value) error {
	switch f {
	case fieldGUID, fieldInstance:
		t := d.readText(raw, f, f)
		if t.State == Unreadable {
			return d.fail(fmt.Sprintf("%s is neither text nor number: %s", f, rawOf(raw)), "")
		}
		if f == fieldGUID {
			c.UmpCustomerGuid = t.S
		} else {
			c.Instance = t.S
		}
	case fieldSites:
		c.Sites = Unreadable
		if raw.Kind() == 'n' {
			c.Sites = Null
		}
		d.keepRaw(c, c.Sites, f.String(), raw)
	}
	return nil
}

func (d *decoder) siteLocation(c *Customer) error {
	if _, err := d.json.ReadToken(); err != nil {
		return d.syntax(err)
	}
	c.Sites = Known
	d.sites = d.sites[:0]
	for d.json.PeekKind() != ']' {
		s, err := d.connection(c, len(d.sites))
		if err != nil {
			return err
		}
		if d.sitesRead++; d.sitesRead > d.opt.MaxConnections {
			return d.fail(tooManySites(d.opt), adviceSites)
		}
		d.sites = append(d.sites, s)
	}
	c.SiteLocation = d.keep.connections(d.sites)
	_, err := d.json.ReadToken()
	return d.syntax(err)
}

const adviceSites = "raise fetch.maxConnections in the settings if that is right"

func tooManySites(opt DecodeOptions) string {
	return "the list has more than " + plain.Counted(opt.MaxConnections, "SIP connection")
}

// connection reads entry i of SiteLocation. An entry that is not an object
// counts as a connection about which nothing is known.
func (d *decoder) connection(c *Customer, i int) (SIPConnection, error) {
	var s SIPConnection
	if d.json.PeekKind() == '{' {
		err := d.object(connectionFields, func(f field) error { return d.connectionField(c, &s, i, f) })
		return s, err
	}
	raw, err := d.json.ReadValue()
	if err != nil {
		return s, d.syntax(err)
	}
	s = shapeless
	d.keepRaw(c, Unreadable, siteName(i), raw)
	return s, nil
}

// shapeless is a connection that is listed and about which nothing is known.
var shapeless = SIPConnection{
	ID:                   Text{State: Unreadable},
	Name:                 Text{State: Unreadable},
	SbcID:                Count{State: Unreadable},
	SbcDeploymentState:   Text{State: Unreadable},
	SbcConfigurationType: Text{State: Unreadable},
}

func (d *decoder) connectionField(c *Customer, s *SIPConnection, i int, f field) error {
	raw, err := d.json.ReadValue()
	if err != nil {
		return d.syntax(err)
	}
	state := Known
	if t := s.text(f); t != nil {
		*t = d.readText(raw, f, fieldSites)
		state = t.State
	} else {
		s.SbcID = toCount(raw)
		state = s.SbcID.State
	}
	if state == Unreadable {
		d.keepRaw(c, state, siteName(i)+"."+f.String(), raw)
	}
	return nil
}

// readText reads a field, and notes which field of the customer holds it if
// characters in it are replaced.
func (d *decoder) readText(raw jsontext.Value, f, of field) Text {
	t, replaced := d.toText(raw, f)
	if name := of.String(); replaced && !slices.Contains(d.replaced, name) {
		d.replaced = append(d.replaced, name)
	}
	return t
}

func (d *decoder) keepRaw(c *Customer, s State, name string, raw jsontext.Value) {
	if s != Unreadable {
		return
	}
	if c.Raw == nil {
		c.Raw = map[string]string{}
	}
	c.Raw[name] = rawOf(raw)
}
