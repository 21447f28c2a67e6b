#include "radius/clients.hpp"
