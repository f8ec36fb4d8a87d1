package fetch

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
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
	var file []byte
	sum := sha256.New()
	if err := content(p, true, func(text, packed []byte) {
		sum.Write(text)
		if file == nil { // the first: the others will be about as large
			file = make([]byte, 0, len(packed)+(len(packed)+len(packed)/16)*(len(p.Customers)/pieceSize)+packedTrailer)
		}
		file = append(file, packed...)
	}); err != nil {
		return Packed{}, err
	}
	return Packed{append(file, gzipped(gzipWriter(), nil, trailer(sum))...), hashText(sum)}, nil
}

// packedTrailer is room for the trailer as gzip.
const packedTrailer = 256

func gzipWriter() *gzip.Writer {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level exists
	return w
}

// gzipped is a text as gzip, in the memory of room if that is enough; several,
// one behind the other, are gzip too.
func gzipped(w *gzip.Writer, room, text []byte) []byte {
	b := bytes.NewBuffer(room[:0])
	w.Reset(b)
	w.Write(text) // into memory, which cannot fail
	w.Close()
	return b.Bytes()
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
	_ = content(p, false, func(text, _ []byte) { sum.Write(text) })
	return hashText(sum)
}

// trailer ends a snapshot. Its length is fixed, so that a reader can hold it
// back from the bytes it hashes.
func trailer(sum hash.Hash) []byte {
	return fmt.Appendf(nil, ",\n\"sha256\":\"%x\"}\n", sum.Sum(nil))
}

// pieceSize is how many customers of a snapshot are written at a time, on one
// core.
const pieceSize = 2048

// content makes everything that the hash covers, in pieces on half of the cores:
// the others judge the customers meanwhile. It gives use the pieces in their
// order, one at a time, and packed as gzip where that is wanted. Use must keep
// neither.
func content(p Portfolio, pack bool, use func(text, packed []byte)) error {
	head, err := appendHead(nil, p)
	if err != nil {
		return err
	}
	customers := p.Customers
	if !inOrder(customers) { // a portfolio made by this package is
		customers = slices.SortedFunc(slices.Values(customers), func(a, b Customer) int { return compareCustomers(&a, &b) })
	}
	turns := make([]chan struct{}, len(customers)/pieceSize+2) // each closed when all pieces before are used
	for i := range turns {
		turns[i] = make(chan struct{})
	}
	close(turns[0])
	var begun atomic.Int64
	var group sync.WaitGroup
	for range min(max(runtime.GOMAXPROCS(0)/2, 1), len(turns)-1) {
		group.Go(func() {
			z := gzipWriter()
			var text, packed []byte
			for i := int(begun.Add(1)) - 1; i < len(turns)-1; i = int(begun.Add(1)) - 1 {
				from := i * pieceSize
				text = appendCustomers(text[:0], customers, from, min(from+pieceSize, len(customers)))
				if i == 0 {
					text = slices.Concat(head, text)
				}
				if i == len(turns)-2 {
					text = fmt.Appendf(text, "\n],\n\"count\":%d", len(customers))
				}
				if pack {
					packed = gzipped(z, packed, text)
				}
				<-turns[i]
				use(text, packed)
				close(turns[i+1])
			}
		})
	}
	group.Wait()
	return nil
}

// appendCustomers writes some of the customers, with the comma before them.
func appendCustomers(b []byte, customers []Customer, from, to int) []byte {
	for i := from; i < to; i++ {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '\n')
		b = appendCustomer(b, &customers[i])
	}
	return b
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
