package canvas

import "strconv"

// content writes what a page shows, in the terms of the format. The library
// formats each text, color and font by itself, and that takes longer than all else.
type content struct {
	b            []byte
	height       float64 // of the page, whose y goes up
	font         string
	size         float64
	fill, stroke Color
}

func (c *content) text(op Text, font *embedded) {
	if op.Text == "" {
		return
	}
	c.color(op.Color, &c.fill, "g ", "rg ")
	c.b = append(c.b, "BT "...)
	c.place(op.X, op.Y)
	c.b = append(c.b, "Td "...)
	open := false
	for _, r := range op.Text {
		if name := font.name(r); name != c.font || op.Size != c.size {
			if open {
				c.b = append(c.b, ")Tj "...)
			}
			c.b = append(append(c.b, '/'), name...)
			c.b = append(c.b, ' ')
			c.number(op.Size)
			c.b = append(c.b, "Tf "...)
			c.font, c.size, open = name, op.Size, false
		}
		if !open {
			c.b = append(c.b, '(')
			open = true
		}
		c.byte(byte(r >> 8))
		c.byte(byte(r))
	}
	c.b = append(c.b, ")Tj ET\n"...)
}

// byte writes one byte of a string.
func (c *content) byte(b byte) {
	switch b {
	case '(', ')', '\\':
		c.b = append(c.b, '\\')
	case '\r': // would be read as the end of a line
		c.b = append(c.b, '\\')
		b = 'r'
	}
	c.b = append(c.b, b)
}

func (c *content) rect(op Rect) {
	c.color(op.Fill, &c.fill, "g ", "rg ")
	c.place(op.X, op.Y)
	c.number(op.W)
	c.number(-op.H)
	c.b = append(c.b, "re f\n"...)
}

func (c *content) path(op Path) {
	if len(op.Points) < 2 {
		return
	}
	c.color(op.Color, &c.stroke, "G ", "RG ")
	c.number(op.Width)
	c.b = append(c.b, "w "...)
	if op.Dash != nil {
		c.b = append(c.b, '[')
		for _, length := range op.Dash {
			c.number(length)
		}
		c.b = append(c.b, "] 0 d "...)
	}
	for i, point := range op.Points {
		c.place(point.X, point.Y)
		c.b = append(c.b, "ml"[min(i, 1)], ' ')
	}
	c.b = append(c.b, 'S')
	if op.Dash != nil {
		c.b = append(c.b, " [] 0 d"...)
	}
	c.b = append(c.b, '\n')
}

// color changes a color, unless it is the current one.
func (c *content) color(to Color, current *Color, gray, rgb string) {
	if to == *current {
		return
	}
	*current = to
	for _, part := range []uint8{to.R, to.G, to.B} {
		c.b = append(strconv.AppendFloat(c.b, float64(part)/255, 'f', 3, 64), ' ')
		if to.R == to.G && to.G == to.B {
			c.b = append(c.b, gray...)
			return
		}
	}
	c.b = append(c.b, rgb...)
}

func (c *content) place(x, y float64) {
	c.number(x)
	c.number(c.height - y)
}

func (c *content) number(n float64) {
	c.b = append(strconv.AppendFloat(c.b, n, 'f', 2, 64), ' ')
}
