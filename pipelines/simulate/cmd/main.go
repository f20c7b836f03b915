// Command cmd makes an input tree of simulated municipalities: go run ./pipelines/simulate/cmd -municipalities 20 DIR.
package main

import (
	"flag"
	"fmt"
	"os"

	"kyogikai/pipelines/simulate"
)

func main() {
	var size simulate.Size
	flag.IntVar(&size.Municipalities, "municipalities", 20, "自治体の数")
	flag.IntVar(&size.Workbooks, "workbooks", 60, "一つの自治体の調査票の数")
	flag.Uint64Var(&size.Seed, "seed", 1, "乱数の種。同じ種からは同じファイルができる")
	flag.Parse()
	if flag.NArg() != 1 || size.Municipalities < 1 || size.Workbooks < 1 {
		fmt.Fprintln(os.Stderr, "使い方: go run ./pipelines/simulate/cmd [-municipalities 数] [-workbooks 数] [-seed 種] フォルダ")
		os.Exit(2)
	}
	broken, err := simulate.Write(flag.Arg(0), size)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("%s/inputs に、自治体%d、調査票%d件を作りました（うち%d件は、途中で切れたファイルの試し）。\n",
		flag.Arg(0), size.Municipalities, size.Municipalities*size.Workbooks, len(broken))
}
