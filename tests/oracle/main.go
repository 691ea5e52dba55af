// oracle answers what the kubelet's own code makes of a command line and the files below a folder:
//
//	oracle [-configz] ROOT [ARGUMENT…]
//
// ROOT becomes its root folder (chroot, so it needs root), so that paths are used as written. It prints a line:
//
//	{"config":{effective KubeletConfiguration},"flags":{…}}, beside it "stage" and "error" where validation refuses
//	{"stage":"load","error":"…"}
//
// With -configz, beside the configuration of one that starts, "live" is its answer to /configz.
//
// There is no such line where the kubelet's code ends the process itself (help, version, an error in the second parse).
// It follows the order of NewKubeletCommand, cmd/kubelet/app/server.go, up to and with the validation. One process
// answers one case, because that code changes globals of its process.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strconv"
	"syscall"
	_ "unsafe" // go:linkname

	"github.com/spf13/pflag"
	"k8s.io/apimachinery/pkg/util/validation/field"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	cliflag "k8s.io/component-base/cli/flag"
	logsapi "k8s.io/component-base/logs/api/v1"
	_ "k8s.io/component-base/logs/json/register" // as cmd/kubelet/kubelet.go does
	"k8s.io/component-base/version/verflag"
	"k8s.io/klog/v2"
	"k8s.io/kubelet/config/v1beta1"
	_ "k8s.io/kubernetes/cmd/kubelet/app"
	"k8s.io/kubernetes/cmd/kubelet/app/options"
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
	conversion "k8s.io/kubernetes/pkg/kubelet/apis/config/v1beta1"
	"k8s.io/kubernetes/pkg/kubelet/apis/config/validation"
)

//go:linkname kubeletConfigFlagPrecedence k8s.io/kubernetes/cmd/kubelet/app.kubeletConfigFlagPrecedence
func kubeletConfigFlagPrecedence(kc *kubeletconfig.KubeletConfiguration, args []string) error

type answer struct {
	Config json.RawMessage `json:"config,omitempty"`
	Flags  map[string]any  `json:"flags,omitempty"`
	Live   json.RawMessage `json:"live,omitempty"`
	Stage  string          `json:"stage,omitempty"`
	Error  string          `json:"error,omitempty"`
}

func evaluate(args []string, asksLive bool) (ans answer) {
	stage := "start"
	defer func() {
		if r := recover(); r != nil {
			ans = answer{Stage: stage, Error: fmt.Sprintf("panic: %v\n%s", r, debug.Stack())}
		}
	}()
	fail := func(err error) answer { return answer{Stage: stage, Error: err.Error()} }
	fs := newFlagSet()
	kf := options.NewKubeletFlags()
	kc, err := options.NewKubeletConfiguration()
	if err != nil {
		return fail(err)
	}
	own := newFlagSet()
	kf.AddFlags(own)
	fs.AddFlagSet(own)
	options.AddKubeletConfigFlags(fs, kc)
	options.AddGlobalFlags(fs)
	fs.BoolP("help", "h", false, "help")

	stage = "flags"
	if err := fs.Parse(args); err != nil {
		return fail(err)
	}
	if rest := fs.Args(); len(rest) > 0 {
		return fail(fmt.Errorf("unknown command %s", rest[0]))
	}
	if help, err := fs.GetBool("help"); err != nil || help {
		return answer{Stage: "exit", Error: "help requested"}
	}
	verflag.PrintAndExitIfRequested()
	gates := utilfeature.DefaultMutableFeatureGate
	if err := gates.SetFromMap(kc.FeatureGates); err != nil {
		return fail(err)
	}
	if err := options.ValidateKubeletFlags(kf); err != nil {
		return fail(err)
	}
	if len(kf.KubeletConfigFile) > 0 {
		stage = "load"
		if kc, err = load(kf.KubeletConfigFile); err != nil {
			return fail(err)
		}
	}
	if len(dropInFolder(kf)) > 0 {
		stage = "dropin"
		if err := merge(kc, dropInFolder(kf)); err != nil {
			return fail(err)
		}
	}
	if len(kf.KubeletConfigFile) > 0 || len(dropInFolder(kf)) > 0 {
		stage = "precedence"
		if err := kubeletConfigFlagPrecedence(kc, args); err != nil {
			return fail(err)
		}
		if err := gates.SetFromMap(kc.FeatureGates); err != nil {
			return fail(err)
		}
	}

	// What the validation refuses is told beside its refusal.
	stage = "encode"
	out := &v1beta1.KubeletConfiguration{}
	if err := conversion.Convert_config_KubeletConfiguration_To_v1beta1_KubeletConfiguration(kc, out, nil); err != nil {
		return fail(err)
	}
	if ans.Config, err = json.Marshal(out); err != nil {
		return fail(err)
	}
	ans.Flags = values(own)
	stage = "validate"
	if errs := logsapi.Validate(&kc.Logging, utilfeature.DefaultFeatureGate, field.NewPath("logging")); len(errs) > 0 {
		ans.Stage, ans.Error = stage, errs.ToAggregate().Error()
	} else if err := validation.ValidateKubeletConfiguration(kc, utilfeature.DefaultFeatureGate); err != nil {
		ans.Stage, ans.Error = stage, err.Error()
	} else if asksLive {
		stage = "run"
		if ans.Live, err = live(kf, kc); err != nil {
			return fail(err)
		}
	}
	return ans
}

func newFlagSet() *pflag.FlagSet {
	fs := pflag.NewFlagSet("kubelet", pflag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.SetNormalizeFunc(cliflag.WordSepNormalizeFunc)
	return fs
}

// values gives what the flags hold, by their names.
func values(fs *pflag.FlagSet) map[string]any {
	values := map[string]any{}
	fs.VisitAll(func(flag *pflag.Flag) {
		text := flag.Value.String()
		values[flag.Name] = text
		switch flag.Value.Type() {
		case "bool":
			values[flag.Name] = text == "true"
		case "int32", "int64":
			if number, err := strconv.ParseInt(text, 10, 64); err == nil {
				values[flag.Name] = number
			}
		case "mapStringString":
			if labels, ok := flag.Value.(*cliflag.ConfigurationMap); ok {
				values[flag.Name] = *labels
			}
		}
	})
	return values
}

func main() {
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	assumeCgroup2()
	args := os.Args[1:]
	asksLive := args[0] == "-configz"
	if asksLive {
		args = args[1:]
	}
	if err := syscall.Chroot(args[0]); err != nil {
		fmt.Fprintln(os.Stderr, "chroot:", err)
		os.Exit(1)
	}
	if err := os.Chdir("/"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(evaluate(args[1:], asksLive)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
