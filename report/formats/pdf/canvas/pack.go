package canvas

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"

	"github.com/klauspost/compress/zlib"
)

// pack compresses what the library wrote without: with, it makes a compressor
// for each page, which takes longer than drawing it.
func pack(w io.Writer, file []byte) error {
	offsets, trailer, err := readTable(file)
	if err != nil {
		return fmt.Errorf("find the table of objects: %w", err)
	}
	inOrder := make([]int, len(offsets)) // the table is last
	for n := range inOrder {
		inOrder[n] = n
	}
	slices.SortFunc(inOrder, func(a, b int) int { return offsets[a] - offsets[b] })
	z, err := zlib.NewWriterLevel(nil, zlib.BestSpeed)
	if err != nil {
		return fmt.Errorf("compress: %w", err)
	}
	var out bytes.Buffer
	out.Grow(len(file) / 4)
	out.Write(file[:offsets[inOrder[0]]])
	for i, n := range inOrder[1:] {
		n, next := inOrder[i], offsets[n]
		object := file[offsets[n]:next]
		offsets[n] = out.Len()
		packObject(&out, z, object)
	}
	offsets[0] = out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(offsets))
	for _, offset := range offsets[1:] {
		fmt.Fprintf(&out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&out, "%sstartxref\n%d\n%%%%EOF\n", trailer, offsets[0])
	_, err = out.WriteTo(w)
	return err
}

// readTable finds out where a file's objects begin, by their number; 0 is the
// table itself. The trailer is what stands behind the table.
func readTable(file []byte) (offsets []int, trailer []byte, err error) {
	const line = len("0000000000 00000 n \n")
	begin := bytes.LastIndex(file, []byte("\nxref\n0 ")) + 1
	end := bytes.LastIndex(file, []byte("startxref\n"))
	var count int
	if _, err := fmt.Fscanf(bytes.NewReader(file[begin:]), "xref\n0 %d\n", &count); err != nil {
		return nil, nil, err
	}
	lines := file[begin+len("xref\n0 \n")+len(strconv.Itoa(count)) : end]
	offsets = make([]int, count)
	for n := range offsets {
		if offsets[n], err = strconv.Atoi(string(lines[line*n:][:10])); err != nil {
			return nil, nil, err
		}
	}
	offsets[0] = begin
	return offsets, lines[line*count:], nil
}

// plainStream begins an object with a stream that is not compressed: a page's
// content, or what tells the characters of a font.
var plainStream = regexp.MustCompile(`^(\d+ 0 obj\n<<)/Length (\d+)>>\nstream\n`)

// packObject writes an object, its stream compressed. A buffer gives no error.
func packObject(out *bytes.Buffer, z *zlib.Writer, object []byte) {
	begin := plainStream.FindSubmatch(object)
	if begin == nil {
		out.Write(object)
		return
	}
	size, _ := strconv.Atoi(string(begin[2]))
	stream := object[len(begin[0]):]
	var packed bytes.Buffer
	z.Reset(&packed)
	z.Write(stream[:size])
	z.Close()
	fmt.Fprintf(out, "%s/Filter /FlateDecode /Length %d>>\nstream\n", begin[1], packed.Len())
	out.Write(packed.Bytes())
	out.Write(stream[size:])
}
