// surface prints, as JSON, the kubelet's flags, configuration fields, defaults and feature gates, from the kubelet's own code.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"sort"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	cliflag "k8s.io/component-base/cli/flag"
	_ "k8s.io/component-base/logs/json/register" // brings flags, as in cmd/kubelet/kubelet.go
	"k8s.io/kubelet/config/v1beta1"
	_ "k8s.io/kubernetes/cmd/kubelet/app" // brings the gates of logging
	"k8s.io/kubernetes/cmd/kubelet/app/options"
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
	v1beta1conv "k8s.io/kubernetes/pkg/kubelet/apis/config/v1beta1"
)

type Flag struct {
	Name, Shorthand, Type, Default, NoOptDefault, Deprecated, Group string
	Hidden                                                          bool     `json:",omitempty"`
	ConfigPaths                                                     []string `json:",omitempty"`
}
type Field struct {
	Path, Type string
	OmitEmpty  bool
}

func versioned(kc *kubeletconfig.KubeletConfiguration) map[string]any {
	out := &v1beta1.KubeletConfiguration{}
	if err := v1beta1conv.Convert_config_KubeletConfiguration_To_v1beta1_KubeletConfiguration(kc, out, nil); err != nil {
		panic(err)
	}
	return asMap(out)
}
func asMap(v any) map[string]any {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	m := map[string]any{}
	if err := json.Unmarshal(b, &m); err != nil {
		panic(err)
	}
	return m
}
func diff(prefix string, a, b any, out *[]string) {
	if reflect.DeepEqual(a, b) {
		return
	}
	am, ok1 := a.(map[string]any)
	bm, ok2 := b.(map[string]any)
	if (ok1 || a == nil) && (ok2 || b == nil) && (ok1 || ok2) && prefix != ".featureGates" && !strings.HasPrefix(prefix, ".eviction") && !strings.HasSuffix(prefix, "Reserved") {
		keys := map[string]bool{}
		for k := range am {
			keys[k] = true
		}
		for k := range bm {
			keys[k] = true
		}
		for k := range keys {
			diff(prefix+"."+k, am[k], bm[k], out)
		}
		return
	}
	*out = append(*out, strings.TrimPrefix(prefix, "."))
}
func probe(f *pflag.Flag) []string {
	d := f.DefValue
	switch f.Value.Type() {
	case "bool":
		b, _ := strconv.ParseBool(d)
		return []string{strconv.FormatBool(!b)}
	case "int", "int32", "uint32", "uint", "int64", "float32", "float64", "uint16":
		n, _ := strconv.ParseFloat(d, 64)
		return []string{strconv.Itoa(int(n) + 1), "1"}
	case "duration":
		return []string{"17s"}
	case "mapStringBool":
		return []string{"AllAlpha=false"}
	case "mapStringString":
		return []string{"probe=1", "memory.available=1Mi", "memory=1Mi", "memory.available=7s"}
	case "stringSlice":
		return []string{"probe"}
	}
	return []string{"probe", "127.0.0.1", "10.9.9.9", "1", "memory=1Mi", "probe=value:NoSchedule", "0:memory=1Mi", "json", "none", "1Mi"}
}
func mapping(name string) []string {
	for i := 0; i < 12; i++ {
		fs := pflag.NewFlagSet("k", pflag.ContinueOnError)
		fs.SetOutput(io.Discard)
		fs.SetNormalizeFunc(cliflag.WordSepNormalizeFunc)
		kc, _ := options.NewKubeletConfiguration()
		before := versioned(kc)
		options.AddKubeletConfigFlags(fs, kc)
		f := fs.Lookup(name)
		values := probe(f)
		if i >= len(values) {
			return nil
		}
		ok := func() (ok bool) {
			defer func() { recover() }()
			return fs.Set(name, values[i]) == nil
		}()
		if !ok {
			continue
		}
		var out []string
		diff("", before, versioned(kc), &out)
		if len(out) > 0 {
			sort.Strings(out)
			return out
		}
	}
	return nil
}
func walk(prefix string, t reflect.Type, out *[]Field) {
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		tag := strings.Split(f.Tag.Get("json"), ",")
		opts := strings.Join(tag[1:], ",")
		if strings.Contains(opts, "inline") || (f.Anonymous && tag[0] == "") {
			walk(prefix, f.Type, out)
			continue
		}
		if !f.IsExported() || tag[0] == "-" {
			continue
		}
		name := tag[0]
		if name == "" {
			name = f.Name
		}
		p := name
		if prefix != "" {
			p = prefix + "." + name
		}
		typ := f.Type
		kind := typeName(typ)
		*out = append(*out, Field{p, kind, strings.Contains(opts, "omitempty") || strings.Contains(opts, "omitzero")})
		for typ.Kind() == reflect.Ptr {
			typ = typ.Elem()
		}
		if typ.Kind() == reflect.Slice {
			e := typ.Elem()
			for e.Kind() == reflect.Ptr {
				e = e.Elem()
			}
			if e.Kind() == reflect.Struct && !opaque(e) {
				walk(p+"[]", e, out)
			}
		} else if typ.Kind() == reflect.Map && typ.Elem().Kind() == reflect.Struct && !opaque(typ.Elem()) {
			walk(p+"{}", typ.Elem(), out)
		} else if typ.Kind() == reflect.Struct && !opaque(typ) {
			walk(p, typ, out)
		}
	}
}
func opaque(t reflect.Type) bool {
	s := t.String()
	return strings.HasSuffix(s, ".Duration") || strings.HasSuffix(s, ".Quantity") || strings.HasSuffix(s, ".Time") || strings.HasSuffix(s, "IntOrString") || strings.HasSuffix(s, "TimeOrMetaDuration") || strings.HasSuffix(s, "QuantityValue")
}
func typeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Ptr:
		return "*" + typeName(t.Elem())
	case reflect.Slice:
		return "[]" + typeName(t.Elem())
	case reflect.Map:
		return "map[" + typeName(t.Key()) + "]" + typeName(t.Elem())
	case reflect.Struct:
		return t.Name()
	}
	if t.Name() != t.Kind().String() {
		return t.Name() + "(" + t.Kind().String() + ")"
	}
	return t.Kind().String()
}
func main() {
	var flags []Flag
	add := func(group string, fs *pflag.FlagSet) {
		fs.VisitAll(func(f *pflag.Flag) {
			x := Flag{Name: f.Name, Shorthand: f.Shorthand, Type: f.Value.Type(), Default: f.DefValue, NoOptDefault: f.NoOptDefVal, Deprecated: f.Deprecated, Group: group, Hidden: f.Hidden}
			if group == "config" {
				x.ConfigPaths = mapping(f.Name)
			}
			flags = append(flags, x)
		})
	}
	newfs := func() *pflag.FlagSet {
		fs := pflag.NewFlagSet("k", pflag.ContinueOnError)
		fs.SetNormalizeFunc(cliflag.WordSepNormalizeFunc)
		return fs
	}
	fs := newfs()
	options.NewKubeletFlags().AddFlags(fs)
	add("kubelet", fs)
	fs = newfs()
	kc, _ := options.NewKubeletConfiguration()
	nofile := versioned(kc)
	options.AddKubeletConfigFlags(fs, kc)
	add("config", fs)
	fs = newfs()
	options.AddGlobalFlags(fs)
	add("global", fs)
	var fields []Field
	walk("", reflect.TypeOf(v1beta1.KubeletConfiguration{}), &fields)
	empty := &v1beta1.KubeletConfiguration{}
	v1beta1conv.SetDefaults_KubeletConfiguration(empty)
	gates := map[string]any{}
	for name, spec := range utilfeature.DefaultMutableFeatureGate.GetAll() {
		gates[string(name)] = map[string]any{"default": spec.Default, "locked": spec.LockToDefault, "stage": fmt.Sprint(spec.PreRelease)}
	}
	enc := json.NewEncoder(os.Stdout)
	enc.SetIndent("", " ")
	enc.Encode(map[string]any{"flags": flags, "fields": fields, "defaultsFromFile": asMap(empty), "defaultsWithoutFile": nofile, "featureGates": gates})
}
