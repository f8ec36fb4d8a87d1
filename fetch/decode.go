package fetch

import (
	"cmp"
	"io"
	"slices"

	"trueup/fetch/plain"

	"github.com/go-json-experiment/json/jsontext"
)

// DecodeOptions say where an answer came from and how large it may be.
type DecodeOptions struct {
	Instance string // stamped on every customer; "" if there is only one, unnamed
	Source   string // name of the source; Instance if empty
	URL      string // of the source, without credentials
	Limits
	Progress func(customers int) // called after each customer, if not nil

	scrub func(string) string // takes secrets out of what messages quote
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
	in.scrub = opt.scrub
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
	in        *input
	opt       DecodeOptions
	snapshot  bool         // read what Pack writes and nothing else
	entry     int          // number of the customer being read, from 1
	customers [][]Customer // in pieces, so that a growing list is not copied
	sitesRead int          // connections of all customers so far
	problems  []Problem
	sites     []SIPConnection   // scratch space for one customer's connections
	replaced  []string          // fields of this customer with replaced characters
	stored    map[string]string // raw values of this customer that the snapshot holds
}

func newDecoder(in *input, opt DecodeOptions) *decoder {
	opt.Limits = opt.orDefault()
	return &decoder{
		json: jsontext.NewDecoder(in, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)),
		in:   in,
		opt:  opt,
	}
}

// list reads the array of customers, brackets included.
func (d *decoder) list() error {
	if _, err := d.json.ReadToken(); err != nil {
		return d.syntax(err)
	}
	for d.json.PeekKind() != ']' {
		d.entry++
		d.in.entry = d.in.taken
		if d.entry > d.opt.MaxCustomers {
			return d.fail("the list has more than "+plain.Counted(d.opt.MaxCustomers, "customer"), "raise fetch.maxCustomers in the settings if that is right")
		}
		c, err := d.customer()
		if err != nil {
			return err
		}
		d.keep(c)
		if d.opt.Progress != nil {
			d.opt.Progress(d.entry)
		}
	}
	d.entry = 0
	_, err := d.json.ReadToken()
	return d.syntax(err)
}

// piece is how many customers are kept together at most; the tests of rules decode
// one at a time.
const piece = 4096

func (d *decoder) keep(c Customer) {
	last := len(d.customers) - 1
	if last < 0 || len(d.customers[last]) == cap(d.customers[last]) {
		d.customers = append(d.customers, make([]Customer, 0, min(max(d.count(), 16), piece)))
		last++
	}
	d.customers[last] = append(d.customers[last], c)
}

// count is how many customers were read.
func (d *decoder) count() (n int) {
	for _, p := range d.customers {
		n += len(p)
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
	listed := slices.Concat(d.customers...)
	kept, duplicates := settle(listed)
	problems := append(d.problems, duplicates...)
	for i := range kept {
		problems = append(problems, problemsOf(&kept[i])...)
	}
	source := Source{Name: cmp.Or(d.opt.Source, d.opt.Instance), URL: d.opt.URL, Listed: len(listed), Customers: len(kept)}
	return Portfolio{Sources: []Source{source}, Customers: kept, Problems: sorted(problems)}
}
