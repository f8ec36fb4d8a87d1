package fetch

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"

	"trueup/fetch/plain"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/klauspost/compress/gzip"
)

// maxEntry bounds the bytes that one customer makes the decoder hold.
const maxEntry = 64 << 20

var (
	errTooLarge      = errors.New("too large")
	errEntryTooLarge = errors.New("customer too large")
)

// input is the decompressed content. It counts the bytes that are taken, to
// bound the whole, and can hash them.
type input struct {
	r       *bufio.Reader
	taken   int64
	max     int64
	hash    hash.Hash
	secrets *scrubber // taken out of what is quoted; may be nil
	tail    []byte    // with hash: the last bytes taken, not hashed yet
	keep    int       // with hash: how many bytes the tail holds back
}

// open looks at the first bytes: gzip is unpacked, a byte order mark skipped.
func open(r io.Reader, max int64) (*input, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	if magic, _ := b.Peek(2); string(magic) == "\x1f\x8b" {
		unpacked, err := gzip.NewReader(b)
		if err != nil {
			return nil, &DataError{Offset: -1, Why: "read gzip", Err: err, Cut: isEnd(err)}
		}
		b = bufio.NewReaderSize(unpacked, 64<<10)
	}
	if mark, _ := b.Peek(3); string(mark) == "\ufeff" {
		if _, err := b.Discard(3); err != nil {
			return nil, err
		}
	}
	return &input{r: b, max: max}, nil
}

func (in *input) Read(p []byte) (int, error) {
	if in.taken > in.max {
		return 0, errTooLarge
	}
	n, err := in.r.Read(p)
	in.taken += int64(n)
	if in.hash != nil { // of all but the last bytes, which hold the hash
		in.tail = append(in.tail, p[:n]...)
		if n := len(in.tail) - in.keep; n > 0 {
			in.hash.Write(in.tail[:n])
			in.tail = append(in.tail[:0], in.tail[n:]...)
		}
	}
	return n, err
}

// none is what first returns where there is no byte.
const none = -1

// first is the first byte that is not white space, or none.
func (in *input) first() (int, error) {
	for n := 64; ; n *= 2 {
		head, err := in.r.Peek(n)
		if trimmed := bytes.TrimLeft(head, " \t\r\n"); len(trimmed) > 0 {
			return int(trimmed[0]), nil
		}
		switch {
		case err == io.EOF:
			return none, nil
		case err == bufio.ErrBufferFull:
			return ' ', nil
		case err != nil:
			return none, &DataError{Offset: -1, Why: "read", Err: err, Cut: isEnd(err)}
		}
	}
}

const (
	whyPage    = "this is a web page (HTML), not a customer list"
	adviceList = "the customer list is the answer to GET {base}/api/v3/customer?allDetails=true: one JSON array, and nothing around it"
)

// refuseUnlessArray says what the content is instead of an array.
func (in *input) refuseUnlessArray() error {
	first, err := in.first()
	if err != nil || first == '[' {
		return err
	}
	why := "this is not a customer list"
	head, _ := in.r.Peek(8 << 10)
	switch {
	case first == none:
		return &DataError{Offset: 0, Why: "there is no content where a customer list should be", Advice: adviceList, Cut: true}
	case first == '<':
		why = whyPage
	case first == '{':
		return refuseObject(in)
	case first == '"':
		why = "the answer is a text, not a customer list: " + in.quoted(head)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		why = "this is a zip file or a workbook, not a customer list"
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return &DataError{Offset: 0, Why: "the text is UTF-16", Advice: "save the file as UTF-8"}
	default:
		why += "; it begins with " + in.quoted(head)
	}
	return &DataError{Offset: 0, Why: why, Advice: adviceList}
}

// quoted is the beginning of the content for a message.
func (in *input) quoted(head []byte) string {
	if in.secrets != nil {
		head = []byte(in.secrets.scrub(string(head)))
	}
	return fmt.Sprintf("%q", clean(strings.Trim(strings.TrimSpace(string(head)), `"`), 120))
}

// envelopeKeys are the keys of the vendor's paged answers.
var envelopeKeys = []string{"data", "currentpage", "pagesize", "totalpages", "totalrecords"}

// refuseObject looks at an object's keys, to say what it seems to be.
func refuseObject(in *input) error {
	head, _ := in.r.Peek(8 << 10)
	why := "this is one JSON object, not a customer list: " + in.quoted(head)
	dec := jsontext.NewDecoder(in, anyText)
	dec.ReadToken()
	for range 50 {
		name, err := dec.ReadToken()
		if err != nil || name.Kind() != '"' {
			break
		}
		for _, key := range envelopeKeys {
			if strings.EqualFold(name.String(), key) {
				return &DataError{Offset: 0, Why: fmt.Sprintf("this looks like a paged envelope (an object with %q), not a bare list: it may be one page of many", key),
					Advice: "a part of the list is never taken for the whole; " + adviceList}
			}
		}
		if dec.SkipValue() != nil {
			break
		}
	}
	return &DataError{Offset: 0, Why: why, Advice: adviceList}
}

// syntax turns an error of the JSON library, or of the reader below it, into
// one that says where and why; nil stays nil.
func (d *decoder) syntax(err error) error {
	if err == nil {
		return nil
	}
	e := &DataError{Offset: d.offset(), Entry: d.entry}
	var bad *jsontext.SyntacticError
	switch {
	case errors.Is(err, errTooLarge):
		e.Why = fmt.Sprintf("the list is larger than the limit of %s", plain.Bytes(d.in.max))
		e.Advice = "raise the size limit (fetch.maxBodyMB in the settings) if the list is really that large"
	case errors.Is(err, errEntryTooLarge):
		e.Why = fmt.Sprintf("the customer is larger than %s", plain.Bytes(maxEntry))
	case isEnd(err):
		e.Why, e.Cut, e.Err = "the list is cut off before its end", true, err
		e.Advice = "fetch it again: a part of the list is never taken for the whole"
	case errors.As(err, &bad):
		e.Offset = d.base + bad.ByteOffset
		e.Why = "this is not JSON: " + clean(bad.Err.Error(), 200)
	default:
		e.Why, e.Err = "read", rootOf(err)
	}
	return e
}

// rootOf drops the JSON library's wrapping of a read error.
func rootOf(err error) error {
	if inner := errors.Unwrap(err); inner != nil && strings.HasPrefix(err.Error(), "jsontext: ") {
		return inner
	}
	return err
}

// offset is where in the content the decoder is.
func (d *decoder) offset() int64 { return d.base + d.json.InputOffset() }

func (d *decoder) fail(why, advice string) error {
	return &DataError{Offset: d.offset(), Entry: d.entry, Why: why, Advice: advice}
}
