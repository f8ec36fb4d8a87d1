package xlsx

import (
	"bytes"
	"fmt"
	"hash/crc32"

	"github.com/klauspost/compress/flate"
)

// level trades size for time: above it the file shrinks by little.
const level = 1

// piece is a deflated stretch of a zip part. Pieces end on a byte boundary
// and know nothing of each other, so that they can be made at the same time
// and joined in any order.
type piece struct {
	data []byte
	size int64  // before deflating
	crc  uint32 // before deflating
}

// lastBlock is an empty deflate block that ends a part.
var lastBlock = [...]byte{3, 0}

// deflater makes pieces one after the other; each goroutine needs its own.
type deflater struct {
	w   *flate.Writer
	buf bytes.Buffer
}

func newDeflater() (*deflater, error) {
	w, err := flate.NewWriter(nil, level)
	if err != nil {
		return nil, fmt.Errorf("deflate: %w", err)
	}
	return &deflater{w: w}, nil
}

func (d *deflater) piece(raw []byte) (piece, error) {
	d.buf.Reset()
	d.w.Reset(&d.buf)
	if _, err := d.w.Write(raw); err != nil {
		return piece{}, fmt.Errorf("deflate: %w", err)
	}
	if err := d.w.Flush(); err != nil {
		return piece{}, fmt.Errorf("deflate: %w", err)
	}
	return piece{bytes.Clone(d.buf.Bytes()), int64(len(raw)), crc32.ChecksumIEEE(raw)}, nil
}

// joinCRC is the checksum of two stretches from that of each: a is moved on
// by n zero bytes through squared matrices over GF(2), as zlib does it.
func joinCRC(a, b uint32, n int64) uint32 {
	var m matrix // moves on by one zero bit
	m[0] = crc32.IEEE
	for i := 1; i < len(m); i++ {
		m[i] = 1 << (i - 1)
	}
	m = m.squared().squared().squared()
	for ; n > 0; n >>= 1 {
		if n&1 != 0 {
			a = m.times(a)
		}
		m = m.squared()
	}
	return a ^ b
}

type matrix [32]uint32

func (m *matrix) times(v uint32) (sum uint32) {
	for i := 0; v != 0; i, v = i+1, v>>1 {
		if v&1 != 0 {
			sum ^= m[i]
		}
	}
	return sum
}

func (m matrix) squared() (sq matrix) {
	for i := range m {
		sq[i] = m.times(m[i])
	}
	return sq
}
