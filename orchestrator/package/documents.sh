#!/bin/sh
# Lets the program print what is installed beside it, so that nothing can differ from it.
#
#   orchestrator/package/documents.sh PROGRAM FOLDER     FOLDER is made anew
set -eu
program=$1
folder=$2
rm -rf "$folder"
mkdir -p "$folder/bash" "$folder/zsh" "$folder/fish"
"$program" man --into "$folder/man1"
mkdir "$folder/man5"
mv "$folder"/man1/*.5 "$folder/man5"
gzip -9n "$folder"/man1/*.1 "$folder"/man5/*.5
"$program" completion bash >"$folder/bash/sitewide"
"$program" completion zsh >"$folder/zsh/_sitewide"
"$program" completion fish >"$folder/fish/sitewide.fish"
"$program" schema >"$folder/plan.schema.json"
touch "$folder/made"
