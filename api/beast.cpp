// The code of Boost.Beast and of Boost.Asio's TLS themselves, compiled once here (separate compilation).
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
