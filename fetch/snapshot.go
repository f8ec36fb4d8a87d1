package fetch

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/klauspost/compress/gzip"
)

// SnapshotSchema begins the name of the snapshot's form, schemaVersion ends it:
// the number rises when an older trueup could misread a newer file.
const (
	SnapshotSchema = "trueup.snapshot/"
	schemaVersion  = 1
)

// sourceJSON and problemJSON give the snapshot's spelling to the same fields.
type sourceJSON struct {
	Name      string `json:"name"`
	URL       string `json:"url"`
	Listed    int    `json:"listed"`
	Customers int    `json:"customers"`
	Failed    string `json:"failed,omitzero"`
}

type problemJSON struct {
	Kind     string `json:"kind"`
	Text     string `json:"text"`
	Instance string `json:"instance,omitzero"`
	Guid     string `json:"guid,omitzero"`
}

// WriteSnapshot saves a portfolio, as gzip: the documented fields only, in
// canonical order, with count and hash inside. The same portfolio gives the
// same bytes. The portfolio needs its AsOf time.
func WriteSnapshot(w io.Writer, p Portfolio) error {
	packed, err := Pack(p)
	if err != nil {
		return err
	}
	_, err = w.Write(packed.Bytes)
	return err
}

// Packed is a finished snapshot in memory, with the hash inside it.
type Packed struct {
	Bytes []byte
	Hash  string // as Portfolio.Hash gives it
}

// Pack makes the snapshot once, for those who need its hash and its bytes.
func Pack(p Portfolio) (Packed, error) {
	if p.AsOf.IsZero() {
		return Packed{}, errors.New("a snapshot needs the time it is of")
	}
	var file bytes.Buffer
	packed := gzip.NewWriter(&file)
	sum := sha256.New()
	if err := writeContent(io.MultiWriter(packed, sum), p); err != nil {
		return Packed{}, err
	}
	if _, err := packed.Write(trailer(sum)); err != nil {
		return Packed{}, err
	}
	if err := packed.Close(); err != nil {
		return Packed{}, err
	}
	return Packed{file.Bytes(), hashText(sum)}, nil
}

// HashOf identifies what a run is made from, a file or a text: "sha256:" and
// 64 hexadecimal digits.
func HashOf(data []byte) string {
	sum := sha256.New()
	sum.Write(data) // a hash takes everything
	return hashText(sum)
}

func hashText(sum hash.Hash) string { return "sha256:" + hex.EncodeToString(sum.Sum(nil)) }

// Hash identifies the content of a portfolio: "sha256:" and 64 hexadecimal
// digits. It is the hash inside the portfolio's snapshot, and the same whether
// the portfolio came from the API, a file or that snapshot.
func (p Portfolio) Hash() string {
	sum := sha256.New()
	// A hash never refuses what is written to it, and neither does marshalling texts and numbers.
	_ = writeContent(sum, p)
	return hashText(sum)
}

// trailer ends a snapshot. Its length is fixed, so that a reader can hold it
// back from the bytes it hashes.
func trailer(sum hash.Hash) []byte {
	return fmt.Appendf(nil, ",\n\"sha256\":\"%x\"}\n", sum.Sum(nil))
}

// writeContent writes everything that the hash covers.
func writeContent(w io.Writer, p Portfolio) error {
	b, err := appendHead(nil, p)
	if err != nil {
		return err
	}
	customers := canonical(p.Customers)
	for i := range customers {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '\n')
		b = appendCustomer(b, &customers[i])
		if len(b) >= 64<<10 {
			if _, err := w.Write(b); err != nil {
				return err
			}
			b = b[:0]
		}
	}
	_, err = w.Write(fmt.Appendf(b, "\n],\n\"count\":%d", len(customers)))
	return err
}

func appendHead(b []byte, p Portfolio) ([]byte, error) {
	sources := make([]sourceJSON, len(p.Sources))
	for i, s := range p.Sources {
		sources[i] = sourceJSON(s)
	}
	problems := make([]problemJSON, len(p.Problems))
	for i, s := range p.Problems {
		problems[i] = problemJSON(s)
	}
	b = fmt.Appendf(b, "{\"schema\":\"%s%d\",\n\"asOf\":\"%s\",\n\"sample\":%t", SnapshotSchema, schemaVersion,
		p.AsOf.UTC().Format(time.RFC3339Nano), p.Sample)
	for _, part := range []struct {
		name string
		list any
	}{{"sources", sources}, {"problems", problems}} {
		list, err := json.Marshal(part.list)
		if err != nil {
			return nil, err
		}
		b = fmt.Appendf(b, ",\n%q:%s", part.name, list)
	}
	return append(b, ",\n\"customers\":["...), nil
}

// canonical is the customers in canonical order; a portfolio made by this
// package already is.
func canonical(customers []Customer) []Customer {
	if slices.IsSortedFunc(customers, compareCustomers) {
		return customers
	}
	customers = slices.Clone(customers)
	slices.SortFunc(customers, compareCustomers)
	return customers
}
