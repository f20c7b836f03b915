#!/bin/sh
# Puts another version of kyogikai in the place of the one that is used, and back. docs/運用手引.md, chapter 9.
#   sh upgrade.sh carry NOW OTHER   takes what the city has added, changed and deleted in NOW over into OTHER
#   sh upgrade.sh swap NOW OTHER    exchanges the two, but for inputs and outputs; said again, exchanges them back
set -eu
LC_ALL=C.UTF-8; export LC_ALL

say() { printf '%s\n' "$*"; }
stop() { say "$*。何も入れ替えていません。" >&2; exit 1; }
sums() { [ ! -e "$1/SHA256SUMS" ] || sed 's/^\([0-9a-f]*\)  \.\//\1 /' "$1/SHA256SUMS"; }
sum_in() { awk -v f="$2" '{ h = $1; sub(/^[0-9a-f]* /, ""); if ($0 == f) { print h; exit } }' "$1"; }
put() { mkdir -p "$(dirname "$2")"; cp -p "$1" "$2"; }

[ $# -eq 3 ] || stop "使い方: sh upgrade.sh carry|swap 今のフォルダ 新しいフォルダ"
case $2$3 in *[!/]*) ;; *) stop "フォルダを書いてください";; esac
for dir in "$2" "$3"; do [ -x "$dir/kyogikai" ] || stop "$dir に kyogikai がありません"; done
now=$(cd "$2" && pwd -P) other=$(cd "$3" && pwd -P)
[ "$now" != "$other" ] || stop "今のフォルダと新しいフォルダが同じです"
left=$other/引継ぎ

# The files of a folder's sql and templates, but for editors' leftovers.
own_files() { (cd "$1" && find sql templates -type f ! -name '*~' ! -name '.*' 2>/dev/null | LC_ALL=C sort); }

carry() {
  [ ! -e "$other/inputs" ] && [ ! -e "$other/outputs" ] || stop "$other は、使っているフォルダです。今のフォルダを先に書いてください"
  was=$(mktemp) is=$(mktemp)
  trap 'rm -f "$was" "$is"' EXIT
  sums "$now" > "$was"; sums "$other" > "$is"
  [ -s "$was" ] || stop "$now/SHA256SUMS がありません。いまの版の配布ファイルから取り出して置いてください"
  own_files "$now" | while IFS= read -r f; do
    before=$(sum_in "$was" "$f") after=$(sum_in "$is" "$f")
    here=$(sha256sum < "$now/$f" | cut -c1-64)
    if [ "$here" = "$before" ] || [ "$here" = "$after" ]; then continue; fi
    if [ "$before" = "$after" ]; then
      put "$now/$f" "$other/$f"
      if [ -z "$before" ]; then say "足したもの（引き継ぎました）  $f"; else say "変えたもの（引き継ぎました）  $f"; fi
      continue
    fi
    put "$now/$f" "$left/$f"
    if [ -z "$after" ]; then say "決めてください（新しい版にはなくなりました）  $f"
    elif [ -z "$before" ]; then say "決めてください（新しい版に同じ名前のものがあります）  $f"
    else say "決めてください（新しい版でも変わりました）  $f"; fi
  done
  sed 's/^[0-9a-f]* //' "$was" | grep -E '^(sql|templates)/' | while IFS= read -r f; do
    if [ ! -e "$now/$f" ] && [ -e "$other/$f" ]; then rm "$other/$f"; say "消したもの（新しい版からも消しました）  $f"; fi
  done
  find "$other/sql" "$other/templates" -type d -empty -delete # an empty folder would hide what the program brings
  [ -e "$other/見本/kyogikai.yaml" ] || put "$other/kyogikai.yaml" "$other/見本/kyogikai.yaml"
  put "$now/kyogikai.yaml" "$other/kyogikai.yaml"
  say "設定（引き継ぎました。新しい版の見本は 見本/kyogikai.yaml）  kyogikai.yaml"
  if [ -n "$(find "$left" -type f 2>/dev/null)" ]; then
    say "決めるものが残っています。$left にあるのが、いまのものです。新しい版のものに書き加えるか、写すかして、$left から消してください。"
    exit 3
  fi
}

# What a version brings: the first folder or file of each name in its list, and the list.
parts() { { sums "$1" | sed 's/^[0-9a-f]* //; s/\/.*//'; echo SHA256SUMS; } | LC_ALL=C sort -u; }

swap() {
  [ -z "$(find "$left" -type f 2>/dev/null)" ] || stop "$left に、決めるものが残っています"
  for dir in "$now" "$other"; do
    [ -s "$dir/SHA256SUMS" ] || stop "$dir/SHA256SUMS がありません"
    [ "$(sha256sum < "$dir/kyogikai" | cut -c1-64)" = "$(sums "$dir" | awk '$2 == "kyogikai" { print $1 }')" ] ||
      stop "$dir/kyogikai が、SHA256SUMS のものと違います。配布ファイルから取り出し直してください"
  done
  for dir in "$now" "$other"; do
    [ ! -e "$dir/.swap" ] || stop "前の入れ替えが途中で止まっています。$dir/.swap を、もとの名前に戻してください"
    [ ! -e "$dir/outputs/.lock" ] || flock -n "$dir/outputs/.lock" true || stop "実行が動いています。終わるのを待ってください"
  done
  { parts "$now"; parts "$other"; } | LC_ALL=C sort -u | while IFS= read -r p; do
    case $p in ''|inputs|outputs) continue;; esac
    [ ! -e "$now/$p" ] || mv "$now/$p" "$now/.swap"
    [ ! -e "$other/$p" ] || mv "$other/$p" "$now/$p"
    [ ! -e "$now/.swap" ] || mv "$now/.swap" "$other/$p"
  done
  say "$now の版: $("$now/kyogikai" --version)"
  say "$other の版: $("$other/kyogikai" --version)"
}

case $1 in
  carry) carry;;
  swap) swap;;
  *) stop "carry か swap を書いてください";;
esac
