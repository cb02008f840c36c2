// Reads a log with the packages of Go's checksum database, golang.org/x/mod/sumdb, and with nothing of this project:
//
//	go_reader FOLDER KEY STEP
//
// It opens the checkpoint with KEY, checks every entry against its leaf and every leaf against the root, and for each
// STEP-th entry makes and checks an inclusion proof and a consistency proof, which it prints.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type folder string

func (f folder) Height() int                         { return height }
func (f folder) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		// Go names the height of tiles in the path, C2SP leaves it out, for it is always 8.
		data, err := f.read(strings.Replace(tile.Path(), "tile/8/", "tile/", 1))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (f folder) read(path string) ([]byte, error) {
	return os.ReadFile(filepath.Join(string(f), path))
}

func (f folder) bundle(number, size int64) []byte {
	width := size - number<<height
	if width > 1<<height {
		width = 1 << height
	}
	tile := tlog.Tile{H: height, L: -1, N: number, W: int(width)}
	data, err := f.read(strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1))
	must(err)
	return data
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func head(f folder, key string) tlog.Tree {
	verifier, err := note.NewVerifier(key)
	must(err)
	signed, err := f.read("checkpoint")
	must(err)
	opened, err := note.Open(signed, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	must(err)
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	return tree
}

func main() {
	f := folder(os.Args[1])
	tree := head(f, os.Args[2])
	step, err := strconv.ParseInt(os.Args[3], 10, 64)
	must(err)
	hashes := tlog.TileHashReader(tree, f)
	var rest []byte
	for place := int64(0); place < tree.N; place++ {
		if place%(1<<height) == 0 {
			rest = f.bundle(place>>height, tree.N)
		}
		length := int(binary.BigEndian.Uint16(rest))
		entry := rest[2 : 2+length]
		rest = rest[2+length:]
		leaf, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, place)})
		must(err)
		if tlog.RecordHash(entry) != leaf[0] {
			log.Fatal("another entry at ", place)
		}
		if place%step == 0 {
			prove(tree, hashes, place, leaf[0])
		}
	}
	fmt.Println("entries", tree.N)
}

func prove(tree tlog.Tree, hashes tlog.HashReader, place int64, leaf tlog.Hash) {
	record, err := tlog.ProveRecord(tree.N, place, hashes)
	must(err)
	must(tlog.CheckRecord(record, tree.N, tree.Hash, place, leaf))
	older, err := tlog.TreeHash(place+1, hashes)
	must(err)
	growth, err := tlog.ProveTree(tree.N, place+1, hashes)
	must(err)
	must(tlog.CheckTree(growth, tree.N, tree.Hash, place+1, older))
	fmt.Println("inclusion", place, text(record))
	fmt.Println("consistency", place+1, text(growth))
}

func text(hashes []tlog.Hash) string {
	var parts []string
	for _, hash := range hashes {
		parts = append(parts, fmt.Sprintf("%x", hash[:]))
	}
	return strings.Join(parts, " ")
}
