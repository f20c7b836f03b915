package form
import ("testing";"os";"path/filepath";"strings";"io/fs";"kyogikai/pipelines/record";"kyogikai/pipelines/workbook")
func BenchmarkAll(b *testing.B){
 forms,_:=Load(os.DirFS("../.."),"templates/forms")
 var files []string
 filepath.WalkDir("../../inputs",func(p string,d fs.DirEntry,err error)error{ if strings.HasSuffix(p,".xlsx")&&!strings.HasPrefix(d.Name(),"~"){files=append(files,p)};return nil})
 var datas [][]byte
 for _,f:=range files{d,_:=os.ReadFile(f);datas=append(datas,d)}
 b.Run("open",func(b *testing.B){for b.Loop(){for i,d:=range datas{workbook.Open(files[i],d)}}})
 b.Run("read",func(b *testing.B){for b.Loop(){for i,d:=range datas{w:=record.Workbook{Path:files[i],FiscalYear:2024};Read(forms,&w,d)}}})
}
