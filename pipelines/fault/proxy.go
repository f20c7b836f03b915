package fault

import (
	"errors"
	"net"
)

// AtProxy reports an error of the way to a proxy: nobody has asked the server behind it yet.
func AtProxy(err error) bool {
	var at *net.OpError
	return errors.As(err, &at) && at.Op == "proxyconnect"
}
