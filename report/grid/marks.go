package grid

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// marks names the cells of some columns of a sheet that are marked, by their
// own names as "T7". It reads the sheet in one pass: the library would keep
// all of it, which for a large file is gigabytes. It also finds what the
// library passes over in silence: a sheet that is cut off or not XML.
func marks(data []byte, sheet string, columns []int, want Want, isDate func(style int) bool) (map[string]Mark, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	part, err := partOf(z, sheet)
	if err != nil {
		return nil, err
	}
	r, err := z.Open(part)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	m := marker{cells: map[string]Mark{}, columns: columns, most: len(columns) * (want.MaxRows + 1000), isDate: isDate}
	return m.cells, m.read(xml.NewDecoder(io.LimitReader(r, want.MaxBytes)))
}

// marker goes through the cells of a sheet.
type marker struct {
	cells   map[string]Mark
	columns []int // from 1
	most    int
	isDate  func(style int) bool

	cell string // where it is
	kind Mark   // of the cell, if it has a value
}

func (m *marker) read(d *xml.Decoder) error {
	depth := 0
	for {
		token, err := d.RawToken()
		switch {
		case err == io.EOF && depth != 0:
			return io.ErrUnexpectedEOF
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		switch e := token.(type) {
		case xml.EndElement:
			depth--
		case xml.StartElement:
			depth++
			if err := m.element(e); err != nil {
				return err
			}
		}
	}
}

func (m *marker) element(e xml.StartElement) error {
	mark := m.kind
	switch e.Name.Local {
	case "c":
		m.cell, m.kind = attribute(e, "r"), m.kindOf(e)
		return nil
	case "f":
		mark, m.kind = Formula, 0 // whatever its value is
	case "v":
	default:
		return nil
	}
	if mark == 0 {
		return nil
	}
	column, _, err := excelize.CellNameToCoordinates(m.cell)
	if err != nil {
		return errors.New("a cell that does not say where it stands")
	}
	if slices.Contains(m.columns, column) {
		m.cells[m.cell] = mark
	}
	if len(m.cells) > m.most {
		return errors.New("more formulas than rows")
	}
	return nil
}

func (m *marker) kindOf(cell xml.StartElement) Mark {
	switch attribute(cell, "t") {
	case "b":
		return Truth
	case "e":
		return Fault
	case "d":
		return Date
	case "", "n":
		if style, err := strconv.Atoi(attribute(cell, "s")); err == nil && m.isDate(style) {
			return Date
		}
	}
	return 0
}

// dateStyles tells which styles of a workbook show numbers as dates or times.
func dateStyles(f *excelize.File) func(style int) bool {
	known := map[int]bool{}
	return func(style int) bool {
		is, ok := known[style]
		if !ok {
			if s, err := f.GetStyle(style); err == nil {
				is = isDateFormat(s.NumFmt, s.CustomNumFmt)
			}
			known[style] = is
		}
		return is
	}
}

// notLetters are the parts of a number format that are shown as they stand.
var notLetters = regexp.MustCompile(`"[^"]*"|\\.|\[[^\]]*\]|(?i:general)`)

func isDateFormat(number int, custom *string) bool {
	if custom != nil {
		return strings.ContainsAny(notLetters.ReplaceAllString(*custom, ""), "yYmMdDhHsS")
	}
	return number >= 14 && number <= 22 || number >= 27 && number <= 36 || number >= 45 && number <= 47 || number >= 50 && number <= 58
}

func attribute(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// partOf finds the file of a sheet: the workbook names a relation, which names
// the file.
func partOf(z *zip.Reader, sheet string) (string, error) {
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	var relations struct {
		Relationship []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		}
	}
	if err := decodePart(z, "xl/workbook.xml", &book); err != nil {
		return "", err
	}
	if err := decodePart(z, "xl/_rels/workbook.xml.rels", &relations); err != nil {
		return "", err
	}
	for _, s := range book.Sheets {
		for _, r := range relations.Relationship {
			if strings.EqualFold(s.Name, sheet) && r.ID == s.ID {
				if absolute, ok := strings.CutPrefix(r.Target, "/"); ok {
					return absolute, nil
				}
				return path.Join("xl", r.Target), nil
			}
		}
	}
	return "", fmt.Errorf("no sheet %s", sheet)
}

// maxPart bounds the parts that are read whole.
const maxPart = 16 << 20

func decodePart(z *zip.Reader, name string, into any) error {
	r, err := z.Open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	return xml.NewDecoder(io.LimitReader(r, maxPart)).Decode(into)
}
