package alltext

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"unicode/utf16"
)

// ofMail gives the headers, decoded, and each part, taken apart in its turn.
func ofMail(name string, data []byte) ([]Text, error) {
	m, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	var head strings.Builder
	words := new(mime.WordDecoder)
	for field, values := range m.Header {
		for _, value := range values {
			if decoded, err := words.DecodeHeader(value); err == nil {
				value = decoded
			}
			head.WriteString(field + ": " + value + "\n")
		}
	}
	list, err := ofPart(name, "body", m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
	return append(list, Text{name + ":header", head.String()}), err
}

func ofPart(name, file, contentType, encoding string, body io.Reader) (list []Text, err error) {
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(kind, "multipart/") {
		data, err := io.ReadAll(decoded(encoding, body))
		if err != nil {
			return nil, err
		}
		return Of(name+":"+file, data)
	}
	for r := multipart.NewReader(body, parameters["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		of := p.FileName()
		if of == "" {
			of = p.Header.Get("Content-Type")
		}
		inner, err := ofPart(name, of, p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p)
		if err != nil {
			return nil, err
		}
		list = append(list, inner...)
	}
}

func decoded(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(encoding) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}

// utf16Strings are a PDF's strings that begin with a byte order mark: its
// bookmarks and metadata.
func utf16Strings(data []byte) string {
	var all strings.Builder
	for {
		_, rest, found := bytes.Cut(data, []byte("(\xFE\xFF"))
		if !found {
			return all.String()
		}
		text, length := literal(rest)
		units := make([]uint16, len(text)/2)
		for i := range units {
			units[i] = binary.BigEndian.Uint16(text[2*i:])
		}
		all.WriteString(string(utf16.Decode(units)) + "\n")
		data = rest[length:]
	}
}

// literal reads a string up to its parenthesis, without its escapes.
func literal(data []byte) (text []byte, length int) {
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case c == ')':
			return text, i
		case c == '\\' && i+1 < len(data):
			i++
			if c = data[i]; c == 'r' {
				c = '\r'
			}
			text = append(text, c)
		default:
			text = append(text, c)
		}
	}
	return text, len(data)
}
