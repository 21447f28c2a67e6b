-- release_claim: frees a user name, or the pointer of an extra, if it is this user's.
-- KEYS  name or pointer   ARGV  user id
local claim = redis.call('GET', KEYS[1])
if not claim or string.match(claim, '^%d+') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
