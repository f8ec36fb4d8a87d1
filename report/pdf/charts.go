package pdf

func (b *book) charts() {}
