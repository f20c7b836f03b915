package fault

import (
	"errors"
	"regexp"
	"syscall"
)

// ShortOfMemory is what a person is told where the machine has no more memory to give.
const ShortOfMemory = "サーバのメモリが足りません。ほかに動いているものを止めるか、メモリ（サービスとして動かしているなら、その MemoryMax）を" +
	"増やしてから、もう一度実行してください。いまのデータは変わりません"

// machineMemory is what libraries say where the machine gives no more memory. Where they are over a limit of their own,
// they say how much of it is used.
var machineMemory = regexp.MustCompile(
	`Out of Memory Error: (?:Allocation failure|.*\(bad allocation\))|std::bad_alloc|cannot allocate memory`,
)

// NoMemory reports an error whose cause is that the machine has no more memory to give.
func NoMemory(err error) bool {
	return err != nil && (errors.Is(err, syscall.ENOMEM) || machineMemory.MatchString(err.Error()))
}
