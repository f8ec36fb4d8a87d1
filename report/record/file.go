package record

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/klauspost/compress/gzip"
	"github.com/shopspring/decimal"
)

// maxBytes bounds what a record may unpack to.
const maxBytes = 1 << 30

// Write writes the record, as gzip in two parts, so that later months need
// not read what only making it again needs. The same record gives the same
// bytes. It sets Hash.
func Write(w io.Writer, r *Record) error {
	sum := sha256.New()
	h := headOf(r)
	text, err := json.Marshal(&h, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("write record: %w", err)
	}
	if err := part(w, func(w io.Writer) error {
		_, err := fmt.Fprintf(io.MultiWriter(w, sum), "%s,\n", bytes.TrimSuffix(text, []byte("}")))
		return err
	}); err != nil {
		return err
	}
	err = part(w, func(w io.Writer) error { return writeTail(io.MultiWriter(w, sum), r) })
	r.Hash = "sha256:" + hex.EncodeToString(sum.Sum(nil))
	return err
}

func part(w io.Writer, write func(io.Writer) error) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return err
	}
	return errors.Join(write(z), z.Close())
}

func writeTail(w io.Writer, r *Record) error {
	t := tailOf(r)
	text, err := json.Marshal(&t, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("write record: %w", err)
	}
	if _, err := fmt.Fprintf(w, "%s,\n\"history\":", text[1:len(text)-1]); err != nil {
		return err
	}
	b := bufio.NewWriterSize(w, 64<<10)
	if err := writeHistory(jsontext.NewEncoder(b, jsontext.AllowInvalidUTF8(true)), r.History); err != nil {
		return fmt.Errorf("write record: %w", err)
	}
	b.WriteString("}\n")
	return b.Flush()
}

// Error says why a record cannot be used.
type Error struct {
	Text, HintText string
	err            error
}

func (e *Error) Error() string { return e.Text }

func (e *Error) Unwrap() error { return e.err }

// Hint says what to do about it.
func (e *Error) Hint() string { return e.HintText }

func damaged(err error) error {
	return &Error{"the record is damaged or was edited: " + err.Error(), "use an unchanged copy of it", err}
}

// ReadHead reads what a later month needs: all but Making and Hash. Of the rest
// it looks only whether it is whole.
func ReadHead(r io.Reader) (Record, error) {
	b := bufio.NewReader(r)
	z, err := gzip.NewReader(b)
	if err != nil {
		return Record{}, damaged(err)
	}
	z.Multistream(false)
	data, err := bounded(z)
	if err != nil {
		return Record{}, err
	}
	if text, ok := bytes.CutSuffix(data, []byte(",\n")); ok {
		data = append(text, '}')
		if err = z.Reset(b); err == nil {
			_, err = io.Copy(io.Discard, io.LimitReader(z, maxBytes))
		}
		if err != nil {
			return Record{}, damaged(err)
		}
	}
	return readHead(data)
}

func bounded(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	switch {
	case err != nil:
		return nil, damaged(err)
	case len(data) > maxBytes:
		return nil, &Error{Text: fmt.Sprintf("the record is larger than %d MiB", maxBytes>>20)}
	}
	return data, nil
}

func readHead(data []byte) (Record, error) {
	var h head
	err := json.Unmarshal(data, &h, plainAmounts)
	if schemaErr := check(h.Schema); schemaErr != nil && (err == nil || h.Schema != "") {
		return Record{}, schemaErr
	}
	if err != nil {
		return Record{}, damaged(err)
	}
	rec, err := h.record()
	if err == nil && rec.AsOf.IsZero() {
		err = errors.New("it has no as-of time")
	}
	if err != nil {
		return Record{}, damaged(err)
	}
	return rec, nil
}

// check refuses what is no record that this version can read.
func check(schema string) error {
	number, ok := strings.CutPrefix(schema, Schema)
	version, err := strconv.Atoi(number)
	switch {
	case !ok || err != nil:
		return &Error{Text: fmt.Sprintf("schema %q is not %s%d", schema, Schema, schemaVersion)}
	case version != schemaVersion:
		return &Error{fmt.Sprintf("the record (%s) was made by another version of trueup", schema), "use that version", nil}
	}
	return nil
}

var plainAmount = regexp.MustCompile(`^"-?[0-9]{1,30}(\.[0-9]{1,20})?"$`)

// plainAmounts refuses amounts with exponents: a short text could stand for
// more digits than there is memory.
var plainAmounts = json.WithUnmarshalers(json.UnmarshalFunc(func(data []byte, d *decimal.Decimal) (err error) {
	if !plainAmount.Match(data) {
		return errors.New("not a plain decimal number")
	}
	*d, err = decimal.NewFromString(string(data[1 : len(data)-1]))
	return err
}))

// Read reads all of a record.
func Read(r io.Reader) (Record, error) {
	z, err := gzip.NewReader(bufio.NewReader(r))
	if err != nil {
		return Record{}, damaged(err)
	}
	data, err := bounded(z)
	if err != nil {
		return Record{}, err
	}
	rec, err := readHead(data)
	if err != nil {
		return rec, err
	}
	var t tail
	if err := json.Unmarshal(data, &t, plainAmounts); err != nil {
		return rec, damaged(err)
	}
	if rec.Making, err = t.making(); err != nil {
		return rec, damaged(err)
	}
	sum := sha256.Sum256(data)
	rec.Hash = "sha256:" + hex.EncodeToString(sum[:])
	return rec, nil
}
