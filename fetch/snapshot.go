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
	schemaVersion  = 2
	withoutUsage   = 1 // what a snapshot without any usage is written as
)

// version is the schema that a snapshot of the portfolio has.
func (p Portfolio) version() int {
	for i := range p.Customers {
		if p.Customers[i].Usage != nil {
			return schemaVersion
		}
	}
	return withoutUsage
}

// Packed is a snapshot in memory.
type Packed struct {
	Bytes []byte // gzip
	Hash  string // as Portfolio.Hash gives it
}

// Pack makes the snapshot of a portfolio, which needs its AsOf time: the
// documented fields only, in canonical order, with count and hash inside. The
// same portfolio gives the same bytes.
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
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

func hashText(sum hash.Hash) string { return "sha256:" + hex.EncodeToString(sum.Sum(nil)) }

// Hash identifies the content of a portfolio: "sha256:" and 64 hexadecimal
// digits. It is the hash inside the portfolio's snapshot, and the same whether
// the portfolio came from the API, a file or that snapshot.
func (p Portfolio) Hash() string {
	sum := sha256.New()
	// Neither writing to a hash nor marshalling texts and numbers can fail.
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
	customers := p.Customers
	if !slices.IsSortedFunc(customers, compareCustomers) { // a portfolio made by this package is sorted
		customers = slices.SortedFunc(slices.Values(customers), compareCustomers)
	}
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
	b = fmt.Appendf(b, "{\"schema\":\"%s%d\",\n\"asOf\":\"%s\",\n\"sample\":%t", SnapshotSchema, p.version(),
		p.AsOf.UTC().Format(time.RFC3339Nano), p.Sample)
	for _, part := range []struct {
		name string
		list any
	}{{"sources", p.Sources}, {"problems", p.Problems}} {
		list, err := json.Marshal(part.list)
		if err != nil {
			return nil, err
		}
		b = fmt.Appendf(b, ",\n%q:%s", part.name, list)
	}
	return append(b, ",\n\"customers\":["...), nil
}
