package fetch

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"trueup/fetch/plain"
)

const adviceEdited = "use an unchanged copy of the snapshot, or fetch a new one"

// Schema is how a file of trueup's begins: a snapshot and a record alike.
type Schema struct {
	Name   string    // as "trueup.snapshot/1"; "" if it is none of trueup's
	AsOf   time.Time // zero if it does not say
	Sample bool
}

// SchemaOf looks at the beginning of a file, plain or gzip.
func SchemaOf(path string) (Schema, error) {
	f, err := plain.Open(path)
	if err != nil {
		return Schema{}, err
	}
	defer f.Close()
	in, err := open(f, 0)
	if err == nil {
		_, err = in.first()
	}
	if err != nil {
		return Schema{}, within("read "+path, err)
	}
	return in.schema(), nil
}

var schemaKey = regexp.MustCompile(`^\s*\{\s*"schema"\s*:\s*"(trueup\.[^"]*)"(?:\s*,\s*"asOf"\s*:\s*"([^"]*)")?(?:\s*,\s*"sample"\s*:\s*(true))?`)

// schema is what the content says at its beginning.
func (in *input) schema() (s Schema) {
	head, _ := in.r.Peek(256)
	if found := schemaKey.FindSubmatch(head); found != nil {
		s.Name, s.Sample = string(found[1]), len(found[3]) > 0
		s.AsOf, _ = time.Parse(time.RFC3339Nano, string(found[2])) // zero if it is none
	}
	return s
}

// readSnapshot reads what Pack wrote and refuses everything else.
func readSnapshot(in *input, schema string, limits Limits) (Portfolio, error) {
	number, isSnapshot := strings.CutPrefix(schema, SnapshotSchema)
	version, err := strconv.Atoi(number)
	switch {
	case !isSnapshot:
		return Portfolio{}, &DataError{Offset: -1, Why: fmt.Sprintf("this is a %s, not a snapshot", clean(schema, 80)),
			Advice: "give the file snapshot-YYYY-MM-DD.json.gz that lies beside the reports"}
	case err == nil && version > schemaVersion:
		return Portfolio{}, &DataError{Offset: -1, Why: fmt.Sprintf("the snapshot (%s) was made by a newer version of trueup", clean(schema, 80)),
			Advice: "install that version or a later one"}
	case err != nil || version < withoutUsage:
		return Portfolio{}, &DataError{Offset: -1, Why: "unknown snapshot schema " + clean(schema, 80), Advice: adviceEdited}
	}
	in.hash = sha256.New()
	in.keep = len(trailer(in.hash))
	d := newDecoder(in, DecodeOptions{Limits: limits})
	d.snapshot = true
	p, err := d.readAll()
	if err == nil && p.version() != version {
		err = &DataError{Offset: -1, Why: "its content is not of its schema"}
	}
	if err == nil {
		return p, nil
	}
	var data *DataError
	if errors.As(err, &data) {
		data.Why = "the snapshot is damaged or was edited: " + data.Why
		data.Advice = adviceEdited
	}
	return Portfolio{}, err
}

func (d *decoder) readAll() (Portfolio, error) {
	p, err := d.document()
	if err != nil {
		return p, err
	}
	if err := d.end(); err != nil {
		return p, err
	}
	if !bytes.Equal(d.in.tail, trailer(d.in.hash)) {
		return p, &DataError{Offset: -1, Why: "its content does not match the hash inside"}
	}
	if !inOrder(p.Customers) {
		return p, &DataError{Offset: -1, Why: "the customers are not in order"}
	}
	return p, nil
}

// snapshotKeys are the snapshot's keys, in the only order there is.
var snapshotKeys = []string{"schema", "asOf", "sample", "sources", "problems", "customers", "count", "sha256"}

func (d *decoder) document() (p Portfolio, err error) {
	if _, err := d.json.ReadToken(); err != nil {
		return p, d.syntax(err)
	}
	for _, key := range snapshotKeys {
		name, err := d.json.ReadToken()
		if err != nil {
			return p, d.syntax(err)
		}
		if name.Kind() != '"' || name.String() != key {
			return p, d.fail("no "+key+" where it should be", "")
		}
		if err := d.member(&p, key); err != nil {
			return p, err
		}
	}
	_, err = d.json.ReadToken()
	return p, d.syntax(err)
}

func (d *decoder) member(p *Portfolio, key string) error {
	if key == "customers" {
		if d.json.PeekKind() != '[' {
			return d.fail("the customers are no list", "")
		}
		err := d.list()
		p.Customers = slices.Concat(d.customers...)
		return err
	}
	raw, err := d.json.ReadValue()
	if err != nil {
		return d.syntax(err)
	}
	if err := d.memberValue(p, key, raw); err != nil {
		return d.fail("unreadable "+key, "")
	}
	return nil
}

func (d *decoder) memberValue(p *Portfolio, key string, raw jsontext.Value) (err error) {
	switch key {
	case "asOf":
		p.AsOf, err = asOf(raw)
	case "sample":
		err = json.Unmarshal(raw, &p.Sample)
	case "sources":
		p.Sources, err = listOf[Source](raw)
	case "problems":
		p.Problems, err = listOf[Problem](raw)
	case "count":
		var count int
		err = json.Unmarshal(raw, &count)
		if err == nil && count != d.count() {
			err = errors.New("another number of customers")
		}
	}
	return err
}

// listOf reads a list; an empty one is nil, as Decode leaves it.
func listOf[T any](raw jsontext.Value) ([]T, error) {
	var list []T
	if err := json.Unmarshal(raw, &list, json.RejectUnknownMembers(true)); err != nil || len(list) == 0 {
		return nil, err
	}
	return list, nil
}

func asOf(raw jsontext.Value) (time.Time, error) {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return time.Time{}, err
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err == nil && (t.IsZero() || t.Location() != time.UTC) {
		err = errors.New("not a time in UTC")
	}
	return t, err
}

// storedValues reads the raw values of the fields that were unreadable.
func (d *decoder) storedValues() error {
	raw, err := d.json.ReadValue()
	if err != nil {
		return d.syntax(err)
	}
	if json.Unmarshal(raw, &d.stored) != nil || len(d.stored) == 0 {
		return d.fail("the list of unreadable fields is unreadable", "")
	}
	return nil
}

// restore marks the fields that the snapshot lists as unreadable, and refuses
// values that Pack never writes.
func (d *decoder) restore(c *Customer) error {
	if len(c.Raw) > 0 || len(d.replaced) > 0 {
		return d.fail("a value that is never written", "")
	}
	for name := range d.stored {
		if !c.markUnreadable(name) {
			return d.fail("no field to mark unreadable: "+clean(name, 80), "")
		}
	}
	c.Raw = d.stored
	return nil
}

// markUnreadable finds the field by the name that Customer.Raw uses. It must
// have been left out, or be the connection that has no field at all.
func (c *Customer) markUnreadable(name string) bool {
	owner, rest, isSite := strings.Cut(name, "[")
	if owner == fieldSites.String() && isSite {
		index, member, _ := strings.Cut(rest, "]")
		i, err := strconv.Atoi(index)
		return err == nil && i >= 0 && i < len(c.SiteLocation) && siteName(i)+member == name &&
			c.SiteLocation[i].markUnreadable(strings.TrimPrefix(member, "."))
	}
	if name == fieldSites.String() {
		return mark(&c.Sites)
	}
	f := findField([]byte(name), customerFields)
	if f == noField || f.String() != name {
		return false
	}
	if n := c.count(f); n != nil {
		return mark(&n.State)
	}
	t := c.text(f)
	return t != nil && mark(&t.State)
}

func (s *SIPConnection) markUnreadable(name string) bool {
	if name == "" {
		empty := *s == SIPConnection{}
		*s = shapeless
		return empty
	}
	f := findField([]byte(name), connectionFields)
	switch {
	case f == noField || f.String() != name:
		return false
	case f == fieldSbcID:
		return mark(&s.SbcID.State)
	}
	return mark(&s.text(f).State)
}

func mark(s *State) bool {
	was := *s
	*s = Unreadable
	return was == Absent
}
