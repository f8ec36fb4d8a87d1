package fetch

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"runtime"
	"strings"
	"sync/atomic"

	"trueup/fetch/plain"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/sync/errgroup"
)

// DecodeOptions say where an answer came from and how large it may be.
type DecodeOptions struct {
	Instance string // stamped on every customer; "" if there is only one, unnamed
	Source   string // name of the source; Instance if empty
	URL      string // of the source, without credentials
	Limits
	Progress func(customers int) // told now and then how many came, if not nil

	secrets *scrubber // taken out of the answer and of what messages quote; may be nil
}

// Limits bound one answer or snapshot before its parts are kept, so that a
// small file that unpacks to a great deal cannot take the machine's memory. 0
// is the default of each.
type Limits struct {
	MaxBytes       int64 // decompressed size beyond which it is refused
	MaxCustomers   int   // entries of the list, likewise
	MaxConnections int   // SIP connections of all customers, likewise
}

// DefaultLimits are far above any instance.
var DefaultLimits = Limits{MaxBytes: 1 << 30, MaxCustomers: 2_000_000, MaxConnections: 20_000_000}

func (l Limits) orDefault() Limits {
	return Limits{cmp.Or(l.MaxBytes, DefaultLimits.MaxBytes), cmp.Or(l.MaxCustomers, DefaultLimits.MaxCustomers),
		cmp.Or(l.MaxConnections, DefaultLimits.MaxConnections)}
}

// Decode reads the API's answer to GET /api/v3/customer, plain or gzip: one
// bare JSON array. It streams, and refuses with a *DataError whatever is not a
// whole array of customers with an identity; then the Portfolio is empty.
// Fields of an undocumented kind are no error: they are Unreadable and a Problem.
func Decode(r io.Reader, opt DecodeOptions) (Portfolio, error) {
	in, err := open(r, opt.orDefault().MaxBytes)
	if err != nil {
		return Portfolio{}, err
	}
	in.secrets = opt.secrets
	if err := in.refuseUnlessArray(); err != nil {
		return Portfolio{}, err
	}
	return decodeList(in, opt)
}

func decodeList(in *input, opt DecodeOptions) (Portfolio, error) {
	d := newDecoder(in, opt)
	if err := d.list(); err != nil {
		return Portfolio{}, err
	}
	if err := d.end(); err != nil {
		return Portfolio{}, err
	}
	return d.portfolio(), nil
}

// decoder turns tokens into customers. For its messages it keeps what it knows
// about the entry being read.
type decoder struct {
	json      *jsontext.Decoder
	base      int64 // offset in the content of what json reads
	in        *input
	opt       DecodeOptions
	snapshot  bool         // read what Pack writes and nothing else
	entry     int          // number of the customer being read, from 1
	customers [][]Customer // in parts, as they were decoded
	sitesRead int          // connections of all customers so far
	problems  []Problem
	failed    error           // with a part: why it is refused
	sites     []SIPConnection // scratch space for one customer's connections
	keep      keeper
	replaced  []string          // fields of this customer with replaced characters
	stored    map[string]string // raw values of this customer that the snapshot holds
	ids       map[string]bool   // scratch space for those of one customer's connections
}

// anyText takes what the API may send: it is for the decoder to refuse keys
// that appear twice, and broken characters are replaced.
var anyText = json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

func newDecoder(in *input, opt DecodeOptions) *decoder {
	opt.Limits = opt.orDefault()
	return &decoder{json: jsontext.NewDecoder(in, anyText), in: in, opt: opt}
}

// list reads the array of customers, brackets included. It cuts the text into
// parts that are decoded on all cores. Of several mistakes it tells the first.
func (d *decoder) list() error {
	d.json.PeekKind() // now the beginning of the list is in the buffer
	unread := d.json.UnreadBuffer()
	begin := bytes.IndexByte(unread, '[')
	c := newCutter(d.in, unread[begin:], d.offset()+int64(begin))
	var parts []*decoder
	var sites atomic.Int64
	group, stopped := errgroup.WithContext(context.Background())
	group.SetLimit(runtime.GOMAXPROCS(0))
	for last := false; !last && stopped.Err() == nil; {
		var p part
		p, last = c.next()
		one := &decoder{base: p.base, in: d.in, opt: d.opt, snapshot: d.snapshot, entry: p.before}
		parts = append(parts, one)
		group.Go(func() error {
			p.text = d.opt.secrets.hide(p.text)
			one.json = p.json()
			one.failed = one.part(&p)
			c.reuse(&p)
			if sites.Add(int64(one.sitesRead)) > int64(d.opt.MaxConnections) {
				return errTooLarge // so that no more is read; take says why
			}
			return one.failed
		})
		d.tell(p.before)
	}
	group.Wait() // each part has its error
	for _, one := range parts {
		if err := d.take(one); err != nil {
			return err
		}
	}
	d.tell(d.count())
	d.goOn(c)
	return nil
}

func (d *decoder) tell(customers int) {
	if d.opt.Progress != nil {
		d.opt.Progress(customers)
	}
}

// part decodes a part of the list.
func (d *decoder) part(p *part) error {
	customers := make([]Customer, 0, p.entries)
	for d.json.PeekKind() != ']' {
		if d.entry++; d.entry > d.opt.MaxCustomers {
			return d.fail("the list has more than "+plain.Counted(d.opt.MaxCustomers, "customer"), "raise fetch.maxCustomers in the settings if that is right")
		}
		c, err := d.customer()
		if err != nil {
			return err
		}
		if !d.snapshot { // it has its problems already
			d.problemsOf(&c)
		}
		customers = append(customers, c)
	}
	d.entry, d.customers = 0, [][]Customer{customers}
	_, err := d.json.ReadToken()
	return d.syntax(err)
}

// take adds the customers of a part to those of the parts before it.
func (d *decoder) take(one *decoder) error {
	if one.failed != nil {
		return one.failed
	}
	if d.sitesRead += one.sitesRead; d.sitesRead > d.opt.MaxConnections {
		return &DataError{Offset: -1, Why: tooManySites(d.opt), Advice: adviceSites}
	}
	d.customers = append(d.customers, one.customers...)
	d.problems = append(d.problems, one.problems...)
	return nil
}

// goOn reads on behind the list that the cutter has read.
func (d *decoder) goOn(c *cutter) {
	before := "[]"
	if d.snapshot {
		before = `{"":[]`
	}
	d.json = jsontext.NewDecoder(io.MultiReader(strings.NewReader(before), bytes.NewReader(c.text), c.r), anyText)
	d.base = c.base - int64(len(before))
	if d.snapshot {
		d.json.ReadToken()
		d.json.ReadToken()
	}
	d.json.SkipValue()
}

// count is how many customers were read.
func (d *decoder) count() (n int) {
	for _, part := range d.customers {
		n += len(part)
	}
	return n
}

// end makes sure that nothing follows. Only at the very end does gzip compare
// its checksum.
func (d *decoder) end() error {
	_, err := d.json.ReadToken()
	switch err {
	case io.EOF:
		return nil
	case nil:
		return d.fail("something follows the end of the list", "")
	}
	return d.syntax(err)
}

func (d *decoder) portfolio() Portfolio {
	kept, duplicates := settle(d.customers)
	source := Source{Name: cmp.Or(d.opt.Source, d.opt.Instance), URL: d.opt.URL, Listed: d.count(), Customers: len(kept)}
	return Portfolio{Sources: []Source{source}, Customers: kept, Problems: sorted(append(d.problems, duplicates...))}
}
