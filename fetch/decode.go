package fetch

import (
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// DecodeOptions say whose answer is decoded and how large it may be.
type DecodeOptions struct {
	Instance string              // stamped on every customer; "" if there is only one, unnamed
	Source   string              // name of the source; Instance if empty
	URL      string              // of the source, without credentials
	MaxBytes int64               // decompressed size that is refused; DefaultMaxBytes if 0
	Progress func(customers int) // called after each customer, if not nil

	scrub func(string) string // takes secrets out of what messages quote
}

// DefaultMaxBytes is the decompressed size at which an answer is refused.
const DefaultMaxBytes = 1 << 30

// Decode reads the API's answer to GET /api/v3/customer, plain or gzip: one
// bare JSON array. It streams, and refuses with a *DataError whatever is not a
// whole array of customers with an identity; then the Portfolio is empty.
// Fields of an undocumented kind are no error: they are Unreadable and a Problem.
func Decode(r io.Reader, opt DecodeOptions) (Portfolio, error) {
	in, err := open(r, opt.MaxBytes)
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

// decoder turns tokens into customers. It holds what is known about the entry
// being read, for messages.
type decoder struct {
	json      *jsontext.Decoder
	in        *input
	opt       DecodeOptions
	snapshot  bool // read what WriteSnapshot writes, strictly
	entry     int  // number of the customer being read, from 1
	customers []Customer
	problems  []Problem
	sites     []SIPConnection   // scratch space for one customer's connections
	replaced  []string          // fields of this customer with replaced characters
	stored    map[string]string // raw values of this customer that the snapshot holds
}

func newDecoder(in *input, opt DecodeOptions) *decoder {
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
		c, err := d.customer()
		if err != nil {
			return err
		}
		d.customers = append(d.customers, c)
		if d.opt.Progress != nil {
			d.opt.Progress(d.entry)
		}
	}
	d.entry = 0
	_, err := d.json.ReadToken()
	return d.syntax(err)
}

// end makes sure that nothing follows. Reading to the end also makes gzip check
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
	name := d.opt.Source
	if name == "" {
		name = d.opt.Instance
	}
	kept, doubles := settle(d.customers)
	problems := append(d.problems, doubles...)
	for i := range kept {
		problems = append(problems, problemsOf(&kept[i])...)
	}
	source := Source{Name: name, URL: d.opt.URL, Listed: len(d.customers), Customers: len(kept)}
	return Portfolio{Sources: []Source{source}, Customers: kept, Problems: sorted(problems)}
}
