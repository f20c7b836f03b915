package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// store is a bucket of an S3-compatible server.
//
//	inputs/<自治体>/…                              what the departments have sent
//	runs/<run>/plan.json                           the municipalities of a run
//	runs/<run>/shards/<share>/<attempt>/…          what an attempt at a share has written
//	runs/<run>/done/<share>.json                   which attempt counts; written last, at once
type store struct {
	client *minio.Client
	bucket string
}

var errAbsent = errors.New("not in the store")

func openStore(place, key, secret string) (*store, error) {
	u, err := url.Parse(place)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.Trim(u.Path, "/") == "" ||
		strings.Contains(strings.Trim(u.Path, "/"), "/") {
		return nil, errors.New("KYOGIKAI_FLEET_STORE に保管庫の場所を https://サーバ/バケット の形で書いてください")
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(key, secret, ""), Secure: u.Scheme == "https",
	})
	if err != nil {
		return nil, fmt.Errorf("保管庫 %s を使えません: %w", place, err)
	}
	return &store{client, strings.Trim(u.Path, "/")}, nil
}

// list calls do for every object below a prefix.
func (s *store) list(ctx context.Context, prefix string, do func(name string) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for o := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		if o.Err != nil {
			return fmt.Errorf("保管庫の %s を一覧できません: %w", prefix, o.Err)
		}
		if err := do(o.Key); err != nil {
			return err
		}
	}
	return nil
}

// sum names what is below a prefix: which objects, and what each holds.
func (s *store) sum(ctx context.Context, prefix string) (string, error) {
	h := sha256.New()
	for o := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		if o.Err != nil {
			return "", fmt.Errorf("保管庫の %s を一覧できません: %w", prefix, o.Err)
		}
		fmt.Fprintln(h, o.Key, o.ETag, o.Size)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// folders are the names right below a prefix, in their order.
func (s *store) folders(ctx context.Context, prefix string) ([]string, error) {
	var out []string
	for o := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: prefix}) {
		if o.Err != nil {
			return nil, fmt.Errorf("保管庫の %s を一覧できません: %w", prefix, o.Err)
		}
		if strings.HasSuffix(o.Key, "/") {
			out = append(out, path.Base(o.Key))
		}
	}
	return out, nil
}

// download copies every object below a prefix into a folder.
func (s *store) download(ctx context.Context, prefix, dir string) error {
	return s.list(ctx, prefix, func(name string) error {
		rel := filepath.FromSlash(strings.TrimPrefix(name, prefix))
		if rel == "" || strings.HasSuffix(name, "/") {
			return nil
		}
		if !filepath.IsLocal(rel) {
			return fmt.Errorf("保管庫の %s は、ファイルの名前として使えません", name)
		}
		if err := s.client.FGetObject(ctx, s.bucket, name, filepath.Join(dir, rel), minio.GetObjectOptions{}); err != nil {
			return fmt.Errorf("保管庫の %s を読めません: %w", name, err)
		}
		return nil
	})
}

// upload copies every file of a folder below a prefix.
func (s *store) upload(ctx context.Context, dir, prefix string) error {
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if _, err := s.client.FPutObject(
			ctx, s.bucket, prefix+filepath.ToSlash(rel), file, minio.PutObjectOptions{},
		); err != nil {
			return fmt.Errorf("保管庫に %s を書けません: %w", prefix+filepath.ToSlash(rel), err)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	return nil
}

// put writes a value as one object.
func (s *store) put(ctx context.Context, name string, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	if _, err := s.client.PutObject(
		ctx, s.bucket, name, bytes.NewReader(data), int64(len(data)), minio.PutObjectOptions{},
	); err != nil {
		return fmt.Errorf("保管庫に %s を書けません: %w", name, err)
	}
	return nil
}

// get reads a value that put wrote. errAbsent says that there is none.
func (s *store) get(ctx context.Context, name string, value any) error {
	o, err := s.client.GetObject(ctx, s.bucket, name, minio.GetObjectOptions{})
	if err != nil {
		return fmt.Errorf("保管庫の %s を読めません: %w", name, err)
	}
	defer o.Close() //nolint:errcheck // read only
	data, err := io.ReadAll(o)
	if minio.ToErrorResponse(err).Code == "NoSuchKey" {
		return errAbsent
	}
	if err == nil {
		err = json.Unmarshal(data, value)
	}
	if err != nil {
		return fmt.Errorf("保管庫の %s を読めません: %w", name, err)
	}
	return nil
}
