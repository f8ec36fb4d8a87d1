package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"trueup/fetch/plain"
)

const contentTypes = "[Content_Types].xml"

// pack is the zip file that excelize writes into. It keeps the parts until
// Close, since excelize hands them over in an order that changes from run to
// run, and puts the rows of the data sheets into theirs.
type pack struct {
	w      io.Writer
	d      *deflater
	packed map[string]piece // parts that are ready
	parts  map[string]*bytes.Buffer
	rows   map[string]*section // by the part they belong to
	charts map[string]*native  // by the part they are written to
}

// start makes an empty pack: excelize asks for one at each saving.
func (p *pack) start() *pack {
	p.parts = map[string]*bytes.Buffer{}
	return p
}

var (
	errUnused    = errors.New("not used by this program")
	errNoPicture = errors.New("not a PNG or JPEG picture")
)

func (p *pack) AddFS(fs.FS) error { return errUnused }

func (p *pack) Create(name string) (io.Writer, error) {
	b := new(bytes.Buffer)
	p.parts[name] = b
	return b, nil
}

// Close writes the parts, content types first, the others by name.
func (p *pack) Close() error {
	zw := zip.NewWriter(p.w)
	for _, name := range p.order() {
		pieces, err := p.pieces(name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := store(zw, name, pieces); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return zw.Close()
}

func (p *pack) order() []string {
	names := slices.Sorted(maps.Keys(p.parts))
	if i := slices.Index(names, contentTypes); i > 0 {
		names = slices.Insert(slices.Delete(names, i, i+1), 0, contentTypes)
	}
	return names
}

func (p *pack) pieces(name string) ([]piece, error) {
	if ready, ok := p.packed[name]; ok {
		return []piece{ready}, nil
	}
	raw := fixBars(p.parts[name].Bytes())
	if name == contentTypes {
		raw = sortDefaults(raw)
	}
	if chart := p.charts[name]; chart != nil {
		raw = chart.complete(raw)
	}
	s := p.rows[name]
	if s == nil {
		one, err := p.d.piece(raw)
		return []piece{one}, err
	}
	frame, err := split(raw)
	if err != nil {
		return nil, err
	}
	var around [len(frame)]piece
	for i, raw := range frame {
		if around[i], err = p.d.piece(raw); err != nil {
			return nil, err
		}
	}
	return slices.Concat(around[:1], s.pieces, around[1:2], s.links, around[2:]), nil
}

// split cuts a sheet's frame where its rows go, and where its links go, which is
// behind the link to the summary that every one has.
func split(frame []byte) (parts [3][]byte, err error) {
	rows := bytes.Index(frame, []byte("</sheetData>"))
	links := bytes.Index(frame, []byte("</hyperlinks>"))
	switch {
	case rows < 0:
		return parts, errors.New("the sheet has no place for rows")
	case links < rows:
		return parts, errors.New("the sheet has no place for links")
	}
	return [...][]byte{frame[:rows], frame[rows:links], frame[links:]}, nil
}

// excelize gives the extension of a data bar the automatic scale even where
// the bar has a fixed one, and Excel follows the extension.
var fixedScale = strings.NewReplacer(
	`<x14:cfvo type="autoMin"></x14:cfvo><x14:cfvo type="autoMax"></x14:cfvo>`,
	`<x14:cfvo type="num"><xm:f>0</xm:f></x14:cfvo><x14:cfvo type="num"><xm:f>1</xm:f></x14:cfvo>`,
	`<dataBar showValue="true">`, `<dataBar minLength="0" maxLength="100" showValue="true">`)

func fixBars(raw []byte) []byte {
	if !bytes.Contains(raw, []byte("<x14:dataBar")) {
		return raw
	}
	return []byte(fixedScale.Replace(string(raw)))
}

var defaultType = regexp.MustCompile(`<Default [^>]*>(</Default>)?`)

// sortDefaults orders the <Default> entries, which excelize keeps in a map.
func sortDefaults(raw []byte) []byte {
	found := defaultType.FindAllIndex(raw, -1)
	if len(found) == 0 {
		return raw
	}
	var entries []string
	for _, at := range found {
		entries = append(entries, string(raw[at[0]:at[1]]))
	}
	slices.Sort(entries)
	rest := defaultType.ReplaceAllLiteral(raw[found[0][0]:], nil)
	var out bytes.Buffer
	out.Write(raw[:found[0][0]])
	for _, e := range entries {
		out.WriteString(e)
	}
	out.Write(rest)
	return out.Bytes()
}

// store writes one part of ready deflated pieces.
func store(zw *zip.Writer, name string, pieces []piece) error {
	h := zip.FileHeader{Name: name, Method: zip.Deflate, ReaderVersion: 20}
	//lint:ignore SA1019 CreateRaw writes this field and not Modified.
	h.ModifiedDate = 1<<5 | 1 // 1980-01-01, the first day a zip file knows
	packed := int64(len(lastBlock))
	var size int64
	for i, p := range pieces {
		if i == 0 {
			h.CRC32 = p.crc // most parts are of one piece, and joining takes long
		} else {
			h.CRC32 = joinCRC(h.CRC32, p.crc, p.size)
		}
		size += p.size
		packed += int64(len(p.data))
	}
	if size >= math.MaxUint32 {
		return fmt.Errorf("the sheet is larger than %s: split the report by manager or instance", plain.Bytes(math.MaxUint32+1))
	}
	h.UncompressedSize64, h.CompressedSize64 = uint64(size), uint64(packed)
	w, err := zw.CreateRaw(&h)
	if err != nil {
		return err
	}
	for _, p := range pieces {
		if _, err := w.Write(p.data); err != nil {
			return err
		}
	}
	_, err = w.Write(lastBlock[:])
	return err
}
