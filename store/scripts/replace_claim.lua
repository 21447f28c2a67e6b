-- replace_claim: takes over the claim of a user name if it still is the one that was judged stale.
-- KEYS  name   ARGV  the claim as read, the new claim
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
