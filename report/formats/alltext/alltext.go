// Package alltext is for tests that search the output of a run for what it must not
// say: it unpacks gzip, workbooks, mails and PDFs without the code that wrote them.
package alltext

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Text is a part of a file: its path, with the parts inside after colons, and
// what it says.
type Text struct{ Name, Text string }

// Below reads every file of a folder, or one file.
func Below(path string) (list []Text, err error) {
	err = filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		texts, err := Of(name, data)
		list = append(list, texts...)
		return err
	})
	return list, err
}

// Of takes a file apart by its kind: its first bytes tell it, for a mail its name.
func Of(name string, data []byte) ([]Text, error) {
	var list []Text
	var err error
	switch {
	case bytes.HasPrefix(data, []byte("\x1f\x8b")):
		list, err = gunzip(name, data)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		list, err = unzip(name, data)
	case bytes.HasPrefix(data, []byte("%PDF-")):
		list, err = ofPDF(name, data)
	case strings.HasSuffix(name, ".eml"):
		list, err = ofMail(name, data)
	default:
		list = []Text{{name, string(data)}}
	}
	if err != nil {
		return nil, fmt.Errorf("take apart %s: %w", name, err)
	}
	return list, nil
}

func gunzip(name string, data []byte) ([]Text, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	data, err = io.ReadAll(r)
	return []Text{{name, string(data)}}, err
}

// unzip gives the XML of each part, and once more without its escapes.
func unzip(name string, data []byte) (list []Text, err error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	plain := strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&#34;", `"`, "&quot;", `"`, "&#39;", "'", "&apos;", "'")
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		list = append(list, Text{name + ":" + part.Name, plain.Replace(string(data))})
	}
	return list, nil
}

// ofPDF gives the pages with one space for each break, then with none, for
// words that were wrapped; and the metadata and bookmarks. Without pdftotext
// the pages are missing.
func ofPDF(name string, data []byte) ([]Text, error) {
	list := []Text{{name + ":strings", utf16Strings(data)}}
	program, err := exec.LookPath("pdftotext")
	if errors.Is(err, exec.ErrNotFound) {
		return list, nil
	}
	command := exec.Command(program, "-q", "-raw", "-", "-")
	command.Stdin = bytes.NewReader(data)
	text, err := command.Output()
	if err != nil {
		return nil, err
	}
	words := strings.Fields(string(text))
	return append(list, Text{name + ":pages", strings.Join(words, " ")}, Text{name + ":unbroken", strings.Join(words, "")}), nil
}
