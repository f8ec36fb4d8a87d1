package notes

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// formulas names the cells of a sheet that hold formulas, by their own names
// as "T7". It reads the sheet in one pass: the library would keep all of it,
// which for a large file is gigabytes.
func formulas(data []byte, sheet string) (map[string]bool, error) {
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
	return formulaCells(xml.NewDecoder(io.LimitReader(r, maxUnzipped)))
}

func formulaCells(d *xml.Decoder) (map[string]bool, error) {
	cells := map[string]bool{}
	cell := ""
	for {
		token, err := d.RawToken()
		if err == io.EOF {
			return cells, nil
		}
		if err != nil {
			return nil, err
		}
		start, ok := token.(xml.StartElement)
		switch {
		case ok && start.Name.Local == "c":
			cell = attribute(start, "r")
		case ok && start.Name.Local == "f" && (cell == "" || len(cells) > maxRows):
			return nil, errors.New("more formulas than findings, or one in a cell without a name")
		case ok && start.Name.Local == "f":
			cells[cell] = true
		}
	}
}

func attribute(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
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
