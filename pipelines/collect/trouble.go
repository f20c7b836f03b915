package collect

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// Trouble is why a file of the inputs, or a folder, could not be read.
type Trouble struct {
	Why    string // a clause in Japanese: 読む権限がありません
	Do     string // what a person does about it, a sentence
	Folder bool   // what it is about is a folder, or would be one
}

// Message says what is wrong, what it means for the figures, and what to do.
func (t Trouble) Message() string {
	if t.Folder {
		return "フォルダを開けません（" + t.Why + "）。この中の調査票は、集計に入っていません。" + t.Do
	}
	return "ファイルを開けません（" + t.Why + "）。このファイルは、集計に入っていません。" + t.Do
}

const (
	doPermit  = "プログラムを実行する利用者が読めるように、権限を直してください。"
	doLink    = "共有フォルダがつながっているか確かめ、リンクを張り直すか、消してください。"
	doRemove  = "これを消して、調査票を置き直してください。"
	doSmaller = "中のものを減らすか、正しいファイルに置き換えてください。"
	doServer  = "共有フォルダ（ファイルサーバ）とディスクの具合を確かめてください。"
)

// TroubleOf tells from an error what is wrong with what stands at a place on the disk.
func TroubleOf(err error, at string) Trouble {
	var pipe *SpecialError
	var stalled *StalledError
	var large *LargeError
	if errors.As(err, &large) {
		return Trouble{Why: large.Error(), Do: doSmaller}
	}
	if errors.As(err, &stalled) { // nothing more is asked of it
		return Trouble{Why: stalled.Error(), Do: doServer}
	}
	link, notLink := os.Readlink(at)
	switch {
	case errors.As(err, &pipe):
		return Trouble{Why: pipe.Error(), Do: doRemove}
	case errors.Is(err, fs.ErrNotExist) && notLink == nil:
		return Trouble{Why: "リンクの先の " + link + " がありません", Do: doLink}
	case errors.Is(err, syscall.ELOOP):
		return Trouble{Why: "リンクが輪になっています", Do: doLink}
	case errors.Is(err, fs.ErrPermission):
		return Trouble{Why: "読む権限がありません", Do: doPermit}
	}
	return Trouble{Why: reason(err), Do: doServer}
}
